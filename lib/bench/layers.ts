import { backend_util } from '@tensorflow/tfjs';

/** A convolution of one of the networks, with filters of 3x3 cells. */
export interface Layer {
  network: 'fashion' | 'mnist';
  name: string;
  /** Height and width of the images that it is given. */
  size: number;
  channels: number;
  filters: number;
  stride: number;
  pad: 'same' | 'valid';
}

/** The convolutions of `fashionNetwork` and `mnistNetwork`. */
export const LAYERS: Layer[] = (
  [
    ['fashion', 'conv1', 28, 1, 16, 2, 'valid'],
    ['fashion', 'conv2', 13, 16, 32, 1, 'valid'],
    ['fashion', 'conv3', 11, 32, 64, 2, 'valid'],
    ['mnist', 'conv1', 28, 1, 32, 1, 'same'],
    ['mnist', 'conv2', 14, 32, 64, 1, 'same'],
  ] as const
).map(([network, name, size, channels, filters, stride, pad]) => {
  return { network, name, size, channels, filters, stride, pad };
});

/** What a layer makes of a batch of images. */
export function geometryOf(layer: Layer, batch: number): backend_util.Conv2DInfo {
  const { size, channels, filters, stride, pad } = layer;
  const shape: [number, number, number, number] = [batch, size, size, channels];
  return backend_util.computeConv2DInfo(shape, [3, 3, channels, filters], stride, 1, pad);
}

/** A layer in words: 'conv3: 11x11x32 to 5x5x64, stride 2'. */
export function describeLayer(layer: Layer): string {
  const { inShape, outShape } = geometryOf(layer, 1);
  const [from, to] = [inShape, outShape].map((shape) => shape.slice(1).join('x'));
  return `${layer.name}: ${from} to ${to}, stride ${layer.stride}`;
}
