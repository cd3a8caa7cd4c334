import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configuration } from '../configuration';
import { trainingRevision } from '../identity';
import { placeOf } from '../run-place';
import { acceptJob, FinalError, jobId, jobOf, packageVersion, type TrainingJob } from './job';

const runsFolder = mkdtempSync(join(tmpdir(), 'job-'));
afterAll(() => rmSync(runsFolder, { recursive: true, force: true }));

const asked = async (): Promise<TrainingJob> =>
  jobOf(await placeOf(configuration({ margin: 1, name: 'asked' }), { runsFolder }), 10);

const withSetting = (job: TrainingJob, setting: object): unknown => ({
  ...job,
  config: { ...job.config, ...setting },
});

describe('acceptJob', () => {
  it('finds the place of what was asked for, over JSON', async () => {
    const job = await asked();
    const data: unknown = JSON.parse(JSON.stringify(job));
    const { job: accepted, place } = await acceptJob(jobId(job.hash), data, runsFolder);
    expect(accepted).toEqual(job);
    expect(place.folder.path).toBe(`${runsFolder}/asked-${job.hash}`);
    expect(place.config.margin).toBe(1);
  });

  it('takes a job whose name was changed: it tells no runs apart', async () => {
    const job = await asked();
    const other = withSetting(job, { name: 'other' });
    expect((await acceptJob(jobId(job.hash), other, runsFolder)).place.hash).toBe(job.hash);
  });

  it.each<[string, (job: TrainingJob) => unknown, RegExp]>([
    ['nothing', () => null, /^the job run-\w+ is refused: /],
    ['something else', () => ({ rm: '-rf' }), /^the job run-\w+ is refused: /],
    ['more than was asked', (job) => ({ ...job, command: 'x' }), /is refused: .*command/],
    ['another setting', (job) => withSetting(job, { seed: 2 }), /changed on the way/],
    ['a setting that is none', (job) => withSetting(job, { shell: 'x' }), /shell: no such setting/],
    ['a path for a name', (job) => withSetting(job, { name: '../evil' }), /name: must be/],
    ['an open engine', (job) => withSetting(job, { engine: 'auto' }), /engine must be settled/],
    ['other data', (job) => ({ ...job, digest: 'other' }), /changed on the way/],
    ['the hash of another', (job) => ({ ...job, hash: '0'.repeat(12) }), /changed on the way/],
    ['negative seconds', (job) => ({ ...job, checkpointSeconds: -1 }), /is refused: /],
  ])('refuses %s for good', async (_, spoil, message) => {
    const job = await asked();
    const refusal = acceptJob(jobId(job.hash), spoil(job), runsFolder);
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toThrow(FinalError);
    expect(readdirSync(runsFolder)).toEqual([]);
  });

  it('refuses the job of another run under the name of this one', async () => {
    const job = await asked();
    await expect(acceptJob('run-000000000000', job, runsFolder)).rejects.toThrow(
      /^the job run-000000000000 is refused: .*\(it is that of run-/,
    );
  });

  it.each<[Partial<TrainingJob>, string]>([
    [{ version: '0.0.9' }, `has 0.0.9 (training revision ${trainingRevision})`],
    [{ trainingRevision: 1 }, `has ${packageVersion()} (training revision 1)`],
  ])('leaves %j to another worker, and names both versions', async (other, theirs) => {
    const job = await asked();
    const refusal = acceptJob(jobId(job.hash), { ...job, ...other }, runsFolder);
    await expect(refusal).rejects.toThrow(theirs);
    await expect(refusal).rejects.toThrow(
      `has tripletlab ${packageVersion()} (training revision ${trainingRevision})`,
    );
    await expect(refusal).rejects.not.toThrow(FinalError);
  });
});
