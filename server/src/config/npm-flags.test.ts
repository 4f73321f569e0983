import { describe, expect, it } from 'vitest';
import { refuseFlagsOfNpm } from './npm-flags.ts';

describe('flags of npm start without two dashes before them', () => {
  const refusing =
    (rest: readonly string[], environment: Record<string, string> = {}) =>
    () =>
      refuseFlagsOfNpm(['port', 'insecureBind'], rest, environment);
  const start = { npm_lifecycle_event: 'start' };

  it('are refused with what npm took of them, and how it is written', () => {
    const how = 'flags of npm start come after two dashes: npm start --';
    expect(refusing(['9123'])).toThrow(`serve takes no argument 9123; ${how} --port …`);
    expect(refusing(['9123'], { ...start, npm_config_port: 'true' })).toThrow(
      `npm took --port for its own; ${how} --port …`,
    );
    expect(refusing([], { ...start, npm_config_insecure_bind: 'true' })).toThrow(
      `npm took --insecure-bind for its own; ${how} --insecure-bind …`,
    );
  });

  it('are none where npm starts something else, or took nothing that is a flag here', () => {
    expect(refusing([])).not.toThrow();
    expect(refusing([], { npm_lifecycle_event: 'test', npm_config_port: '9123' })).not.toThrow();
    expect(refusing([], { ...start, npm_config_cache: '/root/.npm' })).not.toThrow();
  });
});
