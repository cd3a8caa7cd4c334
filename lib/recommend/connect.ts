import { firstLine } from '../data/first-line';
import { catalogueProblem } from './catalogue-tables';
import { isDuckDbFile, openFile, type OpenFile } from '../data/duckdb';

/**
 * Connects to a file and, unless it `isNew`, makes sure that it is an item database.
 *
 * @throws Error when it is none, is damaged, or is locked by another process
 */
export async function connect(
  caller: string,
  path: string,
  { readOnly, isNew }: { readOnly: boolean; isNew: boolean },
): Promise<OpenFile> {
  let file: OpenFile;
  try {
    if (!isNew && !isDuckDbFile(path)) throw new Error('it is no DuckDB database');
    file = await openFile(path, readOnly);
  } catch (error) {
    throw new Error(`${caller}: ${path} does not open: ${firstLine(error)}`, { cause: error });
  }
  if (isNew) return file;
  try {
    const problem = await catalogueProblem(file.connection);
    if (problem) throw new Error(`${caller}: ${path} ${problem}`);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
