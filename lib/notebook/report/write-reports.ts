import { basename, join } from 'node:path';
import { conclusionOf } from '../conclude';
import { readNotebook } from '../notebook-file';
import { provenanceOf } from './provenance';
import { exportReport, type Report, type ReportOptions } from './report';
import { exportIndex, formatValue, type IndexEntry } from './report-index';

/** The reports of some notebooks, and the page that leads to them. */
export interface WrittenReports {
  /** The path of the index. */
  index: string;
  /** In the order of the notebooks. */
  reports: Report[];
}

/**
 * Writes a report of each executed notebook to a folder, named as the notebook is, and index.html,
 * which compares what they concluded: in a table what several of them measured, and the rest beside
 * the picture of each.
 *
 * @param notebooks paths of files whose names differ
 * @param options which scripts of outputs run, as of `ReportOptions`
 * @throws Error when a notebook cannot be read, or two have one name
 */
export function writeReports(
  notebooks: readonly string[],
  folder: string,
  options: Pick<ReportOptions, 'scripts'> = {},
): WrittenReports {
  const names = notebooks.map((path) => basename(path));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new Error(`writeReports: the names of notebooks must differ, got two of ${twice}`);
  }
  const reports: Report[] = [];
  const entries = notebooks.map((path) => {
    const notebook = readNotebook(path);
    const conclusion = conclusionOf(notebook);
    const href = `${basename(path, '.ipynb')}.html`;
    const provenance = provenanceOf(notebook);
    const written = exportReport(path, join(folder, href), { ...options, provenance });
    reports.push(written);
    const results = conclusion?.results ?? [];
    const { title, thumbnail } = written;
    return { title, href, thumbnail, results };
  });
  const columns = commonColumns(entries.map(({ results }) => results.map(({ name }) => name)));
  const index = join(folder, 'index.html');
  exportIndex(
    {
      title: 'Tripletlab: reports',
      introduction:
        'What each notebook came to. A published figure stands beside ours where there is one.',
      columns,
      reports: entries.map(
        ({ results, ...entry }): IndexEntry => ({
          ...entry,
          summary: columns.map((column) => results.find(({ name }) => name === column)?.value),
          description: results
            .filter(({ name }) => !columns.includes(name))
            .map(({ name, value }) => `${name} ${formatValue(value)}`)
            .join('; '),
        }),
      ),
    },
    index,
  );
  return { index, reports };
}

/** What compares: the names that several reports have, or all where fewer than two came to anything. */
function commonColumns(reports: readonly string[][]): string[] {
  const concluded = reports.filter((names) => names.length > 0);
  const holders = (name: string): number => concluded.filter((own) => own.includes(name)).length;
  return [...new Set(concluded.flat())].filter((name) => concluded.length < 2 || holders(name) > 1);
}
