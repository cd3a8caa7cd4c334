import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A platform that nobody builds onnxruntime-node for, to this file's imports. */
const ARCHITECTURE = 'riscv64';

describe(`on ${process.platform} ${ARCHITECTURE}, without a binary of onnxruntime`, () => {
  const real = process.arch;
  const set = (value: string): void => void Object.defineProperty(process, 'arch', { value });
  const reason = new RegExp(
    `onnxruntime-node has binaries for .*${process.platform} ${real}.*, but none for ` +
      `${process.platform} ${ARCHITECTURE}`,
  );

  beforeAll(() => set(ARCHITECTURE));
  afterAll(() => set(real));

  it('auto is wasm, and says why', async () => {
    const { chooseEngine } = await import('./device.js');
    const { engine, reason: why } = await chooseEngine('auto');
    expect(engine).toBe('wasm');
    expect(why).toMatch(reason);
  });

  it('a step runs', async () => {
    const { compile } = await import('./compile.js');
    const signature = { inputs: { x: { shape: [2], dtype: 'float32' as const } } };
    const step = await compile(({ x }) => ({ y: x.add(x) }), signature, { engine: 'auto' });
    const { y } = await step.run({ x: Float32Array.of(1, 2) });
    expect([...y.data]).toEqual([2, 4]);
  });

  it.each(['compiled', 'compiled-webgpu', 'compiled-cuda'] as const)(
    'says why %s does not run, and what does',
    async (engine) => {
      const { chooseEngine } = await import('./device.js');
      await expect(chooseEngine(engine)).rejects.toThrow(reason);
      await expect(chooseEngine(engine)).rejects.toThrow("Use engine: 'wasm', which can");
    },
  );
});
