import { describe, expect, it } from 'vitest';
import { convolutionBlockSize } from './block-size';
import { Graph } from './graph';
import { fillsBlocks } from './lowering/blocks';

describe('convolutionBlockSize', () => {
  it('is a power of two that onnxruntime uses, or unknown', async () => {
    expect([8, 16, undefined]).toContain(await convolutionBlockSize());
  });

  it('is asked for once', () => {
    expect(convolutionBlockSize()).toBe(convolutionBlockSize());
  });
});

describe('fillsBlocks', () => {
  it('says whether every count is one of whole blocks', () => {
    const graph = new Graph({ blockSize: 16 });
    expect(fillsBlocks(graph, 16, 64)).toBe(true);
    expect(fillsBlocks(graph, 16, 24)).toBe(false);
  });

  it('says no where there are no blocks', () => {
    expect(fillsBlocks(new Graph(), 16)).toBe(false);
  });
});
