import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { download, type DownloadOptions } from './download';
import { exclusively } from './exclusively';
import { firstLine } from './first-line';
import { findIdxFile, type IdxChecksums, idxFileNames, readOriginal } from './idx-dataset';

/**
 * Downloads those of the four files that `folder` lacks, or holds damaged, from the first of
 * `mirrors` that has them. Each file is written to NAME.gz.part, where a later attempt takes it up,
 * and becomes NAME.gz once its content has the right SHA-256; if it has not, it is deleted. One
 * process does so at a time.
 *
 * @param mirrors addresses to which '/NAME.gz' is added
 * @throws Error with what went wrong at each mirror
 */
export async function downloadIdxDataset(
  folder: string,
  checksums: IdxChecksums,
  mirrors: string[],
  options: DownloadOptions = {},
): Promise<void> {
  await exclusively(
    folder,
    async (signal) => {
      const problems: string[] = [];
      for (const mirror of mirrors) {
        try {
          for (const name of idxFileNames) {
            if (await hasOriginal(folder, name, checksums[name])) continue;
            await downloadFile(mirror, folder, name, checksums[name], { ...options, signal });
          }
          return;
        } catch (error) {
          signal.throwIfAborted();
          problems.push(`${new URL(mirror).host}: ${firstLine(error)}`);
        }
      }
      throw new Error(problems.join('; '));
    },
    options.signal,
  );
}

async function hasOriginal(folder: string, name: string, checksum: string): Promise<boolean> {
  const path = findIdxFile(folder, name);
  if (path === undefined) return false;
  return readOriginal(path, checksum).then(
    () => true,
    () => false,
  );
}

async function downloadFile(
  mirror: string,
  folder: string,
  name: string,
  checksum: string,
  options: DownloadOptions,
): Promise<void> {
  const path = join(folder, `${name}.gz`);
  const part = `${path}.part`;
  await download(`${mirror}/${name}.gz`, part, options);
  try {
    await readOriginal(part, checksum);
  } catch (error) {
    const { size } = statSync(part);
    rmSync(part);
    throw new Error(`what it sends as ${name}.gz (${size} bytes) is not the original file`, {
      cause: error,
    });
  }
  renameSync(part, path);
  // A damaged copy that is not compressed would be found before this one.
  rmSync(join(folder, name), { force: true });
}
