import { readFileSync } from 'node:fs';

/** Which Redis holds the queue. */
export interface RedisOptions {
  /**
   * `redis://[user:password@]host[:port][/database]`, or `rediss://…` for TLS. Default: the environment
   * variable TRIPLETLAB_REDIS (which keeps a password out of notebooks and lists of processes), else
   * redis://127.0.0.1:6379.
   */
  url?: string;
  /**
   * The file of the certificate authority that has signed the server's certificate, in PEM form.
   * Default: the environment variable TRIPLETLAB_REDIS_CA, else the authorities that Node knows.
   */
  ca?: string;
}

/** How a connection is made: what ioredis calls its options. */
export interface RedisSettings {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db: number;
  tls?: { ca?: Buffer };
  maxRetriesPerRequest: null;
  socketTimeout: number;
  keepAlive: number;
  retryStrategy: (times: number) => number;
}

/** Milliseconds; longer than a command of ours may block. */
const SILENCE = 20_000;

/**
 * What the options come down to. A connection that breaks is made again, for ever; one on which
 * nothing comes back for 20 seconds counts as broken.
 *
 * @throws TypeError when the URL is none of Redis; Error when the authority's file cannot be read
 */
export function redisSettings(options: RedisOptions = {}): RedisSettings {
  const url = options.url ?? process.env.TRIPLETLAB_REDIS ?? 'redis://127.0.0.1:6379';
  const ca = options.ca ?? process.env.TRIPLETLAB_REDIS_CA;
  const { protocol, hostname, port, username, password, pathname } = parsed(url);
  const db = Number(pathname.slice(1));
  if (!(Number.isSafeInteger(db) && db >= 0)) {
    throw new TypeError(`redis: the database must be a whole number >= 0, got '${pathname}'`);
  }
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || 6379),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    db,
    ...(protocol === 'rediss:' && { tls: ca === undefined ? {} : { ca: readFileSync(ca) } }),
    maxRetriesPerRequest: null,
    socketTimeout: SILENCE,
    keepAlive: SILENCE,
    retryStrategy: (times) => Math.min(100 * 2 ** times, 2_000),
  };
}

/** Where a connection goes, without its password: 'redis://127.0.0.1:6379'. */
export function describeRedis({ host, port, db, tls }: RedisSettings): string {
  const address = host.includes(':') ? `[${host}]` : host;
  return `${tls ? 'rediss' : 'redis'}://${address}:${port}${db > 0 ? `/${db}` : ''}`;
}

function parsed(url: string): URL {
  const form = 'redis://[user:password@]host[:port][/database], or rediss:// for TLS';
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    // The text may hold a password, so it is not repeated.
    throw new TypeError(`redis: the URL must be ${form}`);
  }
  if (!['redis:', 'rediss:'].includes(address.protocol) || !address.hostname) {
    throw new TypeError(`redis: the URL must be ${form}, got one of ${address.protocol}//`);
  }
  return address;
}
