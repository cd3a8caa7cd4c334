import { writeAtomically } from '../../data/write-atomically';
import { escapeMarkup } from '../../figure/escape';
import { renderPage } from './page';

/** One report in an index. */
export interface IndexEntry {
  title: string;
  /** Where the report is, from the index: 'margins.html'. */
  href: string;
  /** A sentence under the title. */
  description?: string;
  /** The report's cells of the table, one for each column; undefined is left empty. */
  summary?: (string | number | undefined)[];
  /** A PNG. */
  thumbnail?: Uint8Array;
}

export interface ReportIndex {
  title: string;
  /** A paragraph above the table. */
  introduction?: string;
  /** What the summaries hold: ['precision@1', 'steps']. Without columns there is no table. */
  columns?: string[];
  reports: IndexEntry[];
}

/** Writes the page that compares reports in a table and leads to them. */
export function exportIndex(index: ReportIndex, path: string): void {
  writeAtomically(path, renderIndex(index));
}

/**
 * The HTML of an index of reports.
 *
 * @throws Error when a summary is longer than the list of columns
 */
export function renderIndex({ title, introduction, columns = [], reports }: ReportIndex): string {
  const lead = introduction === undefined ? '' : `<p>${escapeMarkup(introduction)}</p>\n`;
  const body = `<div class="layout wide">
<main>
<h1>${escapeMarkup(title)}</h1>
${lead}${columns.length === 0 ? '' : renderTable(columns, reports)}
<div class="cards">
${reports.map(renderCard).join('\n')}
</div>
</main>
</div>`;
  return renderPage({ title, body, scripts: [] });
}

function renderTable(columns: string[], reports: IndexEntry[]): string {
  const numeric = columns.map((_, index) =>
    reports.some(({ summary }) => typeof summary?.[index] === 'number'),
  );
  const head = columns.map((name, index) => tableCell('th', escapeMarkup(name), numeric[index]));
  const rows = reports.map((report) => {
    const { title, href, summary = [] } = report;
    if (summary.length > columns.length) {
      throw new Error(
        `exportIndex: '${title}' has ${summary.length} values for ${columns.length} columns`,
      );
    }
    const link = `<a href="${safeHref(href)}">${escapeMarkup(title)}</a>`;
    const values = columns.map((_, index) =>
      tableCell('td', escapeMarkup(formatValue(summary[index])), numeric[index]),
    );
    return `<tr><th scope="row">${link}</th>${values.join('')}</tr>`;
  });
  return `<div class="scroll"><table>
<thead><tr><th>Report</th>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

function renderCard({ title, href, description, thumbnail }: IndexEntry): string {
  const picture =
    thumbnail === undefined
      ? ''
      : `<img alt="" src="data:image/png;base64,${Buffer.from(thumbnail).toString('base64')}">`;
  const sentence = description === undefined ? '' : `<span>${escapeMarkup(description)}</span>`;
  return `<a class="card" href="${safeHref(href)}">${picture}<div><strong>${escapeMarkup(title)}</strong>${sentence}</div></a>`;
}

function tableCell(tag: 'th' | 'td', html: string, numeric: boolean): string {
  return `<${tag}${numeric ? ' class="number"' : ''}>${html}</${tag}>`;
}

/** A value as a reader of a table wants it: four digits. */
export function formatValue(value: string | number | undefined): string {
  if (typeof value !== 'number') {
    return value ?? '';
  }
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** A relative path or a web address; a title may come from a notebook, and an href follow from it. */
function safeHref(href: string): string {
  if (/^(?!https?:)[a-z][a-z\d+.-]*:/i.test(href.trim())) {
    throw new Error(`exportIndex: href must be a relative path or http(s), got '${href}'`);
  }
  return escapeMarkup(href);
}
