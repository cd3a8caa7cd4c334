import type { DuckDBConnection } from '@duckdb/node-api';
import { duckDb, query } from '../../data/duckdb';
import type { RunEntry } from './scan-runs';

/** A figure of the validation images as a column of its own. */
const FIGURES = ['loss', 'fractionPositive', 'accuracy', 'precisionAt1'] as const;

const FIGURES_BY_NAME = 'MAP(VARCHAR, DOUBLE)';

/** The columns of the table `runs` and their types. */
const RUNS: Record<string, string> = {
  id: 'VARCHAR',
  path: 'VARCHAR',
  isPublished: 'BOOLEAN',
  status: 'VARCHAR',
  // The configuration.
  name: 'VARCHAR',
  dataset: 'VARCHAR',
  trainLimit: 'BIGINT',
  testLimit: 'BIGINT',
  inverted: 'VARCHAR',
  validationShare: 'DOUBLE',
  network: 'VARCHAR',
  blocks: 'BIGINT',
  dimension: 'BIGINT',
  strategy: 'VARCHAR',
  margin: 'DOUBLE',
  isSoftMargin: 'BOOLEAN',
  squared: 'BOOLEAN',
  sampling: 'VARCHAR',
  classesPerBatch: 'BIGINT',
  shuffleBuffer: 'BIGINT',
  batchSize: 'BIGINT',
  steps: 'BIGINT',
  learningRate: 'DOUBLE',
  logEvery: 'BIGINT',
  evaluateEvery: 'BIGINT',
  seed: 'BIGINT',
  engine: 'VARCHAR',
  threads: 'BIGINT',
  // What came out.
  stepsDone: 'BIGINT',
  ...Object.fromEntries(FIGURES.map((name) => [name, 'DOUBLE'])),
  validation: FIGURES_BY_NAME,
  test: FIGURES_BY_NAME,
  train: FIGURES_BY_NAME,
  lastBatch: FIGURES_BY_NAME,
  seconds: 'DOUBLE',
  peakMegabytes: 'DOUBLE',
  finishedAt: 'TIMESTAMP',
  // Where and with what.
  usedEngine: 'VARCHAR',
  node: 'VARCHAR',
  platform: 'VARCHAR',
  cpu: 'VARCHAR',
  cores: 'BIGINT',
  commit: 'VARCHAR',
  data: 'VARCHAR',
  isSample: 'BOOLEAN',
  digest: 'VARCHAR',
  trainingRevision: 'BIGINT',
};

const METRICS = ['run VARCHAR', 'step BIGINT', 'split VARCHAR', 'metric VARCHAR', 'value DOUBLE'];

/** Makes the tables `runs` and `metrics`, without rows. */
export async function createTables(connection: DuckDBConnection): Promise<void> {
  const columns = Object.entries(RUNS).map(([name, type]) => `"${name}" ${type}`);
  await connection.run(`CREATE TABLE runs (${columns.join(', ')})`);
  await connection.run(`CREATE TABLE metrics (${METRICS.join(', ')})`);
}

/** Puts `runs` in the place of what the table holds. */
export async function fillRuns(
  connection: DuckDBConnection,
  runs: readonly RunEntry[],
): Promise<void> {
  await connection.run('DELETE FROM runs');
  const rows = JSON.stringify(runs.map(rowOf));
  const shape = JSON.stringify([RUNS]);
  await query(
    connection,
    `INSERT INTO runs SELECT row.* FROM (SELECT unnest(from_json($rows::JSON, '${shape}')) AS row)`,
    { rows },
  );
}

/** Puts the metrics of runs, each as the text of its metrics.jsonl, in the place of those they had. */
export async function fillMetrics(
  connection: DuckDBConnection,
  texts: ReadonlyMap<string, string>,
): Promise<void> {
  const { LIST, VARCHAR, listValue } = duckDb();
  const ids = listValue([...texts.keys()]);
  const types = { ids: LIST(VARCHAR), texts: LIST(VARCHAR) };
  await query(connection, 'DELETE FROM metrics WHERE run IN (SELECT unnest($ids))', { ids }, types);
  // The last line ends with a line break, or was cut short and is none.
  await query(
    connection,
    `INSERT INTO metrics
     WITH given AS (SELECT unnest($ids) AS run, unnest($texts) AS text),
       lines AS (SELECT run, unnest(string_split(text, chr(10))[:-2]) AS line FROM given),
       parsed AS (
         SELECT run, from_json(TRY_CAST(line AS JSON),
           '{"step": "BIGINT", "split": "VARCHAR", "values": "${FIGURES_BY_NAME}"}') AS read
         FROM lines)
     SELECT run, read.step, read.split, unnest(map_keys(read."values")), unnest(map_values(read."values"))
     FROM parsed WHERE read.step IS NOT NULL AND read.split IS NOT NULL`,
    { ids, texts: listValue([...texts.values()]) },
    types,
  );
}

/** Forgets the metrics of runs that are no longer there. */
export async function keepMetrics(
  connection: DuckDBConnection,
  ids: readonly string[],
): Promise<void> {
  const { LIST, VARCHAR, listValue } = duckDb();
  const sql = 'DELETE FROM metrics WHERE run NOT IN (SELECT unnest($ids))';
  await query(connection, sql, { ids: listValue([...ids]) }, { ids: LIST(VARCHAR) });
}

function rowOf(run: RunEntry): Record<string, unknown> {
  const { config, summary, environment, finishedAt, ...known } = run;
  const { margin, inverted } = config;
  const { engine: usedEngine, ...where } = environment ?? {};
  return {
    ...where,
    usedEngine,
    ...config,
    margin: margin === 'soft' ? null : margin,
    isSoftMargin: margin === 'soft',
    inverted: String(inverted),
    ...Object.fromEntries(FIGURES.map((name) => [name, summary?.validation[name]])),
    ...summary,
    ...known,
    steps: config.steps,
    finishedAt,
  };
}
