import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { systemClock } from '../clock.ts';
import { providerFolder, runtimePackage } from '../runtime/providers.ts';
import { CHECKS } from './checks.ts';
import { examine } from './examine.ts';
import { libraryFiles } from './library-files.ts';
import { type OpenProbe, probeOpener } from './probe.ts';
import { RECORDED_LIBRARIES, RECORDED_VERSION } from './recorded-libraries.ts';
import { testPhotos } from './test-photos.ts';
import { thisMachine } from './this-machine.ts';
import { Trial } from './trial.ts';

afterEach(() => void vi.unstubAllEnvs());

const file = fileURLToPath(new URL('../../models/quality/model.onnx', import.meta.url));
const modelOn = async () => ({ modelPath: file });

/** A clock that advances by one second each time it is read. */
function ticking() {
  let seconds = 0;
  return () => 1000 * seconds++;
}

describe('the real CPU of this machine', () => {
  it('passes every check in separate processes, and leaves no file behind', async () => {
    const machine = thisMachine(process.env);
    const folder = temporaryFolder();
    vi.stubEnv('TMPDIR', folder).stubEnv('TEMP', folder); // other tests run the doctor at the same time
    const openProbe = probeOpener(process.env, systemClock);
    const report = await examine('cpu', CHECKS, (device) => ({
      device,
      machine,
      trial: new Trial({ device, modelOn, cores: 1, batchSizes: [1, 2], openProbe, now: ticking() }),
    }));
    expect(report.verdict).toBe('cpu works');
    expect(report.checks.filter(({ status }) => status !== 'pass' && status !== 'skip')).toEqual([]);
    const details = Object.fromEntries(report.checks.map((check) => [check.name, check.details]));
    expect(details.throughput).toEqual([1, 2].map((batch) => ({ batch, photosPerSecond: batch, runs: 1 })));
    expect(details.profile).toContainEqual(expect.objectContaining({ operator: expect.stringMatching(/Conv/) }));
    expect(readdirSync(folder).filter((name) => name.startsWith('swipenet-'))).toEqual([]);
  });

  it('has the version of onnxruntime-node whose libraries are recorded', () => {
    expect(runtimePackage().version).toBe(RECORDED_VERSION);
  });

  it.for(Object.entries(RECORDED_LIBRARIES))(
    'has the libraries that are recorded for %s',
    async ([platform, recorded], { skip }) => {
      const folder = join(providerFolder(), '..', '..', platform);
      const foreign = platform !== `${process.platform}/${process.arch}`;
      skip(foreign && !existsSync(folder), 'npm start removed the libraries of other platforms');
      const { files } = await libraryFiles(folder, Object.keys(recorded));
      expect(Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]))).toEqual(recorded);
    },
  );
});

describe('a probe', () => {
  const program = new URL('../../../test/fixtures/fake-probe.ts', import.meta.url);
  const photos = testPhotos(1);
  const settings = { modelPath: 'fake', device: 'cuda:0', threads: 1 } as const;

  it('includes standard error in the reason', async () => {
    const opening = probeOpener(process.env, new ManualClock(), program)({ ...settings, modelPath: 'missing' });
    await expect(opening).rejects.toThrow('no session\nlibcudnn.so.9: cannot open shared object file');
  });

  it('reports how its process died', async () => {
    const probe = await probeOpener(process.env, new ManualClock(), program)(settings);
    await expect(probe.run(photos, 13)).rejects.toThrow(/^the probe process ended \(code 3\)\nlast words$/);
    await expect(probe.run(photos, 1)).rejects.toThrow('the probe process ended (code 3)');
  });

  it('times out if it doesn’t answer', async () => {
    const clock = new ManualClock();
    const probe = await probeOpener(process.env, clock, program)(settings);
    const running = expect(probe.run(photos, 99)).rejects.toThrow('did not answer within 120 s');
    await vi.waitFor(() => expect(clock.delaysMs).toContain(120_000));
    clock.advance(120_000);
    await running;
  });

  it('runs without TF32 on a GPU and with the caller’s environment', async () => {
    const probe = await probeOpener({ ...process.env, FAKED: 'yes' }, new ManualClock(), program)(settings);
    const { likes } = await probe.run(photos, 1);
    expect([...likes]).toEqual([1, 1]);
    await probe.close();
  });

  it('runs with TF32 if that was chosen', async () => {
    const probe = await probeOpener(process.env, new ManualClock(), program)({ ...settings, tf32: true });
    const { likes } = await probe.run(photos, 1);
    expect(likes[0]).toBe(0);
    await probe.close();
  });
});

describe('a trial', () => {
  it('opens a session only once for all callers, and closes it', async () => {
    const log: string[] = [];
    const openProbe: OpenProbe = async ({ device }) => {
      log.push(`open ${device}`);
      return {
        run: async (_, count) => ({ likes: new Float32Array(count), evidence: new Float32Array(49 * count) }),
        close: async () => void log.push('close'),
      };
    };
    const trial = new Trial({ device: 'cuda:1', modelOn, cores: 4, batchSizes: [1, 2], openProbe, now: ticking() });
    await Promise.all([trial.session(), trial.answers(), trial.session()]);
    expect(log).toEqual(['open cuda:1']);
    await trial.close();
    expect(log).toEqual(['open cuda:1', 'close']);
  });
});
