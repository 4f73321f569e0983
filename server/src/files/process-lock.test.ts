import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ProcessLock } from './process-lock.ts';

const holder = fileURLToPath(new URL('../../../test/fixtures/lock-holder.ts', import.meta.url));

describe('a process’s lock', () => {
  it('keeps others out while its process lives, and is free once that was killed', async () => {
    const path = join(temporaryFolder(), 'lock');
    const process_ = spawn(process.execPath, [holder, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void process_.kill('SIGKILL'));
    const [said] = await once(process_.stdout, 'data');
    expect(String(said)).toBe('held\n');
    expect(ProcessLock.isHeld(path)).toBe(true);
    expect(ProcessLock.take(path)).toBeUndefined();
    process_.kill('SIGKILL');
    await once(process_, 'exit');
    expect(ProcessLock.isHeld(path)).toBe(false);
    using lock = ProcessLock.take(path);
    expect(lock).toBeDefined();
  });

  it('keeps its own process out, too, and can be freed', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'lock');
    {
      using lock = ProcessLock.take(path);
      expect(lock).toBeDefined();
      expect([ProcessLock.isHeld(path), ProcessLock.take(path)]).toEqual([true, undefined]);
      expect(readdirSync(folder)).toEqual(['lock']);
    }
    expect(ProcessLock.isHeld(path)).toBe(false);
  });

  it('isn’t held if its file doesn’t exist, and isHeld doesn’t create the file', () => {
    const path = join(temporaryFolder(), 'lock');
    expect(ProcessLock.isHeld(path)).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it('throws where no file can be made', () => {
    expect(() => ProcessLock.take(join(temporaryFolder(), 'missing', 'lock'))).toThrow('unable to open');
  });
});
