import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectRedis } from './redis';
import { describeRedis, redisSettings } from './redis-settings';

afterEach(() => vi.unstubAllEnvs());

describe('redisSettings', () => {
  it('takes user, password, port and database from the URL', () => {
    const settings = redisSettings({ url: 'rediss://me:s%40cret@lab.example:6380/2' });
    expect(settings).toMatchObject({
      host: 'lab.example',
      port: 6380,
      username: 'me',
      password: 's@cret',
      db: 2,
      tls: {},
    });
    expect(describeRedis(settings)).toBe('rediss://lab.example:6380/2');
  });

  it('stays on this machine unless told', () => {
    vi.stubEnv('TRIPLETLAB_REDIS', undefined);
    expect(describeRedis(redisSettings())).toBe('redis://127.0.0.1:6379');
    vi.stubEnv('TRIPLETLAB_REDIS', 'redis://[::1]:7000');
    expect(redisSettings()).toMatchObject({ host: '::1', port: 7000, db: 0 });
    expect(describeRedis(redisSettings())).toBe('redis://[::1]:7000');
    expect(redisSettings()).not.toHaveProperty('tls');
    expect(redisSettings({ url: 'redis://other' })).toMatchObject({ host: 'other', port: 6379 });
  });

  it.each([
    ['http://127.0.0.1', /^redis: the URL must be redis:.*got one of http:\/\/$/],
    ['127.0.0.1:6379', /^redis: the URL must be redis:/],
    ['redis://', /^redis: the URL must be redis:/],
    ['redis://host/x', /^redis: the database must be a whole number >= 0, got '\/x'$/],
  ])('refuses %s', (url, message) => {
    expect(() => redisSettings({ url })).toThrow(message);
  });

  it('never repeats a password', () => {
    expect(() => redisSettings({ url: 'redis://me:secret@host:port' })).toThrow(
      /^(?!.*secret).*the URL must be/,
    );
  });

  it('names an authority that is missing', () => {
    expect(() => redisSettings({ url: 'rediss://host', ca: '/nowhere/ca.pem' })).toThrow(
      /ENOENT.*\/nowhere\/ca\.pem/,
    );
  });
});

describe('connectRedis', () => {
  it('ends when it is no longer wanted', async () => {
    // 192.0.2.0/24 is nobody's.
    const settings = redisSettings({ url: 'redis://192.0.2.1:6379' });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(connectRedis(settings, signal)).rejects.toThrow('enough');
  });
});
