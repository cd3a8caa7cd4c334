import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunFolder, type MetricsLine } from './run-folder';

let folder: RunFolder;
beforeEach(() => {
  folder = new RunFolder(join(mkdtempSync(join(tmpdir(), 'run-folder-')), 'run'));
  mkdirSync(folder.path);
});
afterEach(() => rmSync(join(folder.path, '..'), { recursive: true, force: true }));

const line = (step: number): MetricsLine => ({ step, split: 'train', values: { loss: 1 / step } });
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('metrics', () => {
  it('come back as they were appended', () => {
    expect(folder.readMetrics()).toEqual([]);
    for (const step of [1, 2, 3]) folder.appendMetrics(line(step));
    expect(folder.readMetrics()).toEqual([line(1), line(2), line(3)]);
  });

  it('lose a last line that a crash cut short, and no other', () => {
    for (const step of [1, 2]) folder.appendMetrics(line(step));
    appendFileSync(folder.file('metrics.jsonl'), '{"step":3,"split":"tr');
    expect(folder.readMetrics()).toEqual([line(1), line(2)]);
    folder.keepMetrics(() => true);
    folder.appendMetrics(line(3));
    expect(folder.readMetrics()).toEqual([line(1), line(2), line(3)]);
  });

  it('forget what is not to be kept', () => {
    for (const step of [1, 2, 3, 4]) folder.appendMetrics(line(step));
    folder.keepMetrics(({ step }) => step <= 2);
    expect(folder.readMetrics()).toEqual([line(1), line(2)]);
    folder.keepMetrics(() => false);
    expect(folder.readMetrics()).toEqual([]);
  });

  it('name their file when they are damaged', () => {
    writeFileSync(folder.file('metrics.jsonl'), '{"step":1\n{"step":2}\n');
    expect(() => folder.readMetrics()).toThrow(
      /run.metrics\.jsonl cannot be read \(.*\): delete the run's folder to train it anew$/,
    );
  });
});

describe('JSON files', () => {
  it('come back as they were written, and leave no temporary files', () => {
    folder.writeJson('summary.json', { a: [1, 2], b: 'ü' });
    expect(folder.has('summary.json')).toBe(true);
    expect(folder.readJson('summary.json')).toEqual({ a: [1, 2], b: 'ü' });
    expect(readdirSync(folder.path)).toEqual(['summary.json']);
  });

  it.each([
    ['empty', ''],
    ['cut short', '{"a": 1'],
    ['binary', '\u0000\u0001'],
  ])('name their file when they are %s', (_, text) => {
    writeFileSync(folder.file('config.json'), text);
    expect(() => folder.readJson('config.json')).toThrow(
      /run.config\.json cannot be read \(.*\): delete/,
    );
  });

  it('name their file when it is missing', () => {
    expect(() => folder.readJson('config.json')).toThrow(
      /run.config\.json cannot be read \(ENOENT/,
    );
  });
});

describe('what came from elsewhere', () => {
  it('must be plain files, to the last folder', () => {
    mkdirSync(folder.file('tensorboard'));
    writeFileSync(folder.file('tensorboard/events'), '');
    folder.requirePlain();
    new RunFolder(folder.file('missing')).requirePlain();
    symlinkSync('/tmp', folder.file('tensorboard/embeddings'));
    expect(() => folder.requirePlain()).toThrow(/tensorboard.embeddings is a link or a device/);
    const linked = `${folder.path}-linked`;
    symlinkSync('/tmp', linked);
    expect(() => new RunFolder(linked).requirePlain()).toThrow(/must be a folder, and no link/);
  });

  it.each([
    ['text for a figure', '{"step":1,"split":"train","values":{"loss":"<img>"}}', 'values.loss'],
    ['another split', '{"step":1,"split":"<img>","values":{}}', 'split must be'],
    ['no step', '{"split":"train","values":{}}', 'step must be'],
    ['no figures', '{"step":1,"split":"train","values":[1]}', 'values must be'],
    ['nothing', 'null', 'step must be'],
  ])('has metrics that are figures, not %s', (_, text, reason) => {
    writeFileSync(folder.file('metrics.jsonl'), `${text}\n`);
    expect(() => folder.readMetrics()).toThrow(reason);
  });

  it('may lack a figure', () => {
    const text = '{"step":1,"split":"train","values":{"loss":null,"__proto__":1}}\n';
    writeFileSync(folder.file('metrics.jsonl'), text);
    const [{ values }] = folder.readMetrics();
    expect(Object.entries(values)).toEqual([
      ['loss', NaN],
      ['__proto__', 1],
    ]);
  });
});

describe('exclusively', () => {
  it('lets one in at a time', async () => {
    let [inside, most] = [0, 0];
    const visit = (): Promise<void> =>
      folder.exclusively(async () => {
        most = Math.max(most, ++inside);
        await sleep(20);
        inside--;
      });
    await Promise.all([visit(), visit(), visit()]);
    expect(most).toBe(1);
    expect(existsSync(folder.file('lock'))).toBe(false);
  });

  it('gives the folder free when the work fails', async () => {
    const failure = folder.exclusively(() => Promise.reject(new Error('broken')));
    await expect(failure).rejects.toThrow('broken');
    expect(await folder.exclusively(() => Promise.resolve(7))).toBe(7);
  });

  it('passes the signal on, and stops waiting when it is aborted', async () => {
    const stop = new AbortController();
    const working = folder.exclusively(async (held) => {
      await sleep(50);
      stop.abort(new Error('enough'));
      return held.aborted;
    }, stop.signal);
    const waiting = new RunFolder(folder.path).exclusively(
      () => Promise.resolve('in'),
      stop.signal,
    );
    await expect(waiting).rejects.toThrow('enough');
    expect(await working).toBe(true);
  });

  it('tells the work when the lock is lost, and does not end the process', async () => {
    await folder.exclusively(async (held) => {
      rmSync(folder.file('lock'), { recursive: true });
      while (!held.aborted) await sleep(50);
      expect(held.reason).toMatchObject({ code: 'ECOMPROMISED' });
    });
  });
});
