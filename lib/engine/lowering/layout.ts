/** tfjs keeps images as [batch, height, width, channel]; ONNX's operators want the channel second. */
export const TO_CHANNELS_FIRST = [0, 3, 1, 2];
/** And back. */
export const TO_CHANNELS_LAST = [0, 2, 3, 1];
/** [channel, height, width, batch] and back: there, shifts and strides move runs of a whole batch. */
export const TO_BATCH_LAST = [3, 1, 2, 0];
