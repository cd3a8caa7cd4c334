import { describe, expect, it } from 'vitest';
import { chooseEngine } from './device';
import { ENGINES, type Engine } from './engines';
import { binaryFolder, onnxruntime, onnxruntimeProblem, prebuiltPlatforms } from './onnxruntime';
import { providerProblem } from './provider';
import { nativeTensorFlowProblem } from './native-tensorflow';

/** One sentence: no line break, no place in somebody's source, no second full stop. */
const SENTENCE = /^[^\n]{10,300}$/;

/** What decides whether an engine can run here, looked at from outside. */
const PROBLEMS: [Engine, () => Promise<string | undefined>][] = [
  ['compiled-webgpu', () => providerProblem('webgpu')],
  ['compiled-cuda', () => providerProblem('cuda')],
  ['tensorflow', nativeTensorFlowProblem],
];

describe('chooseEngine', () => {
  it.each(['compiled', 'wasm', 'cpu'] as const)('takes %s as configured', async (engine) => {
    expect(await chooseEngine(engine)).toEqual({ engine, reason: 'as configured' });
  });

  it('takes the compiled engine without a request', async () => {
    expect((await chooseEngine()).engine).toBe('compiled');
  });

  it('always finds an engine for auto, and says in one sentence why it is this one', async () => {
    const { engine, reason } = await chooseEngine('auto');
    const native = (await nativeTensorFlowProblem()) === undefined;
    expect(engine).toBe(native ? 'tensorflow' : 'compiled');
    expect(reason).toMatch(SENTENCE);
    expect(reason).toMatch(/^auto: /);
  });

  it.each(PROBLEMS)('takes %s where it runs, and else says why not', async (engine, problem) => {
    const reason = await problem();
    if (reason === undefined) {
      expect(await chooseEngine(engine)).toEqual({ engine, reason: 'as configured' });
      return;
    }
    expect(reason).toMatch(SENTENCE);
    expect(reason).not.toMatch(/\.cc|onnxruntime_src/);
    await expect(chooseEngine(engine)).rejects.toThrow(
      `chooseEngine: the engine '${engine}' cannot run on this machine: ${reason}. ` +
        "Use engine: 'compiled', which can",
    );
  });

  it('names the engines that there are', async () => {
    for (const engine of ['gpu', '', 'constructor', null, 1] as unknown as Engine[]) {
      await expect(chooseEngine(engine)).rejects.toThrow(
        `chooseEngine: engine must be one of ${ENGINES.join(', ')}, got '${engine}'`,
      );
    }
  });
});

describe('providerProblem', () => {
  it('is none for the CPU', async () => {
    expect(await providerProblem('cpu')).toBeUndefined();
  });

  it('is looked for once', () => {
    expect(providerProblem('cpu')).toBe(providerProblem('cpu'));
  });

  it('is that onnxruntime has no such provider, where that is so', async () => {
    expect(await providerProblem('abacus' as 'cpu')).toMatch(
      /^onnxruntime-node has no abacus provider for /,
    );
  });
});

describe('onnxruntime', () => {
  it('loads here, from a binary of this platform', () => {
    expect(onnxruntimeProblem()).toBeUndefined();
    expect(onnxruntime().listSupportedBackends()).toContainEqual({ name: 'cpu', bundled: true });
    expect(prebuiltPlatforms()).toContain(`${process.platform} ${process.arch}`);
    expect(binaryFolder()).toMatch(new RegExp(`${process.platform}.${process.arch}$`));
  });
});
