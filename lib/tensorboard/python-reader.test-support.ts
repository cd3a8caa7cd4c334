import { pythonModule, runPython } from '../data/require-peer';

/** What reads event files and projector settings here without any code of ours. */
export const protobuf = pythonModule("Python's protobuf", 'google.protobuf');
export const crc32c = pythonModule("Python's crc32c", 'crc32c');

/** An event as protobuf's JSON form has it: int64 as text, bytes in base64, NaN as 'NaN'. */
export interface DecodedEvent {
  wall_time: number;
  step?: string;
  file_version?: string;
  summary?: { value: DecodedValue[] };
}

export interface DecodedValue {
  tag: string;
  simple_value?: number | string;
  image?: { height: number; width: number; colorspace: number; encoded_image_string: string };
}

/**
 * The messages after their published definitions (tensorflow/core/util/event.proto,
 * tensorflow/core/framework/summary.proto, tensorboard/plugins/projector/projector_config.proto).
 */
const MESSAGES = `
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, text_format

DEFINITIONS = {
  'Event': 'double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5',
  'Summary': 'repeated Value value = 1',
  'Value': 'string tag = 1; float simple_value = 2; Image image = 4',
  'Image': 'int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4',
  'ProjectorConfig': 'repeated EmbeddingInfo embeddings = 2',
  'EmbeddingInfo': 'string tensor_name = 1; string metadata_path = 2; repeated uint32 tensor_shape = 4; '
                   'SpriteMetadata sprite = 5; string tensor_path = 6',
  'SpriteMetadata': 'string image_path = 1; repeated uint32 single_image_dim = 2',
}
Field = descriptor_pb2.FieldDescriptorProto
file = descriptor_pb2.FileDescriptorProto(name='events.proto', package='peer')
for message, fields in DEFINITIONS.items():
  descriptor = file.message_type.add(name=message)
  for definition in fields.split(';'):
    *repeated, kind, name, _, number = definition.split()
    field = descriptor.field.add(name=name, number=int(number))
    field.label = Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL
    if kind in DEFINITIONS:
      field.type, field.type_name = Field.TYPE_MESSAGE, '.peer.' + kind
    else:
      field.type = getattr(Field, 'TYPE_' + kind.upper())
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
create = lambda name: message_factory.MessageFactory(pool).GetPrototype(
  pool.FindMessageTypeByName('peer.' + name))()
plain = lambda message: json_format.MessageToDict(message, preserving_proto_field_name=True)
`;

/** The events of a file; every checksum must be right, and no field unknown. */
export function readEvents(path: string): DecodedEvent[] {
  const script = `${MESSAGES}
import crc32c, struct
def check(data, stored):
  crc = crc32c.crc32c(data)
  assert ((crc >> 15 | crc << 17) + 0xa282ead8) % 2 ** 32 == stored, 'wrong checksum'
result = []
with open(data, 'rb') as events:
  while header := events.read(12):
    length, checksum = struct.unpack('<QI', header)
    check(header[:8], checksum)
    record = events.read(length)
    check(record, *struct.unpack('<I', events.read(4)))
    event = create('Event')
    event.ParseFromString(record)
    event.DiscardUnknownFields()
    assert event.ByteSize() == length, 'unknown fields'
    result.append(plain(event))`;
  return runPython(script, path) as DecodedEvent[];
}

/** A projector_config.pbtxt; no field may be unknown. */
export function readProjectorConfig(path: string): unknown {
  const script = `${MESSAGES}
result = plain(text_format.Parse(open(data, encoding='utf-8').read(), create('ProjectorConfig')))`;
  return runPython(script, path);
}
