import { describe, expect, it } from 'vitest';
import { rejectNpmFlags } from './npm-flags.ts';

describe('flags of npm start without the two dashes', () => {
  const check =
    (rest: readonly string[], environment: Record<string, string> = {}) =>
    () =>
      rejectNpmFlags('start', ['port', 'insecureBind'], rest, environment);
  const start = { npm_lifecycle_event: 'start' };

  it('are rejected with the correct command', () => {
    const how = 'put flags after two dashes: npm start --';
    expect(check(['9123'])).toThrow(`start takes no arguments, got 9123; ${how} --port …`);
    expect(check(['9123'], { ...start, npm_config_port: 'true' })).toThrow(`npm consumed --port; ${how} --port …`);
    expect(check([], { ...start, npm_config_insecure_bind: 'true' })).toThrow(
      `npm consumed --insecure-bind; ${how} --insecure-bind …`,
    );
  });

  it('aren’t confused with other npm scripts or npm’s own settings', () => {
    expect(check([])).not.toThrow();
    expect(check([], { npm_lifecycle_event: 'test', npm_config_port: '9123' })).not.toThrow();
    expect(check([], { ...start, npm_config_cache: '/root/.npm' })).not.toThrow();
  });
});
