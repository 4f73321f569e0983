import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { systemDate } from '../../clock.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import { RUN_FILES } from '../run/folder/run-files.ts';
import { makeDefaultModel } from './make-default-model.ts';

it('refuses a folder that another process works in, before it makes anything', async () => {
  const folder = temporaryFolder();
  const training = join(folder, 'training');
  mkdirSync(training);
  using _held = ProcessLock.take(join(training, RUN_FILES.lock));
  const unexpected = () => {
    throw new Error('it began');
  };
  const making = makeDefaultModel({
    ...{ folder, models: folder, id: 'mine', photos: [folder], drawn: 1, device: 'cpu', cores: 1, date: systemDate },
    ...{ train: unexpected, onProgress: unexpected, onSources: unexpected },
    flags: { init: 'none', epochs: 1, learningRate: 0.1, seed: 1 },
  });
  await expect(making).rejects.toMatchObject({ code: 'run_busy' });
});
