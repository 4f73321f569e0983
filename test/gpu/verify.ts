import { cpus } from 'node:os';
import { runProgram } from '@swipenet/server/child/run-program.ts';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { cores } from '@swipenet/server/config/machine.ts';
import { listGpus } from '@swipenet/server/doctor/gpus.ts';
import { loadServedModel } from '@swipenet/server/registry/model-registry.ts';
import { runtimePackage } from '@swipenet/server/runtime/providers.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { measureAlternating, measureThroughput } from './engines.ts';
import { examineDevice } from './examine-device.ts';
import { judgeFloat16 } from './float16.ts';
import { type Finding, type Section, skip } from './section.ts';
import { measureServer } from './serving.ts';
import type { VerifySizes } from './sizes.ts';
import { compareSteps, measureTraining } from './training.ts';

/** Lists everything that Swipenet claims about a GPU, cheap things that explain failures first. */
export async function verifySections(device: Device, sizes: VerifySizes): Promise<Section[]> {
  const model = await loadServedModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
  const batchSizes = sizes.doctorBatches;
  const onGpu = (run: () => Promise<Finding>) => async () => (device === 'cpu' ? skip('only on CUDA') : await run());
  const ownFlags = device === 'cpu' ? ['--precision', 'fp32'] : [];
  const engines = { model, device, sizes };
  const examined = { model, device, batchSizes };
  const variant = (name: 'tf32' | 'fp16', title: string, flags: readonly string[]): Section[] => [
    { key: name, title: `${title}: doctor`, run: onGpu(() => examineDevice({ ...examined, variant: name })) },
    {
      key: `${name}Throughput`,
      title: `${title}: engines`,
      run: onGpu(() => measureThroughput({ ...engines, variant: name })),
    },
    {
      key: `${name}Serving`,
      title: `${title}: server, end to end`,
      run: onGpu(() => measureServer(device, sizes, flags)),
    },
  ];
  return [
    { key: 'doctor', title: 'doctor, with training', run: () => examineDevice(examined) },
    { key: 'step', title: 'training steps against the CPU', run: () => compareSteps(device, false) },
    { key: 'throughput', title: 'engines', run: () => measureThroughput(engines) },
    { key: 'alternating', title: 'alternating batch sizes', run: () => measureAlternating(engines) },
    { key: 'serving', title: 'server, end to end', run: () => measureServer(device, sizes, ownFlags) },
    { key: 'training', title: 'training', run: () => measureTraining(device, sizes, false) },
    ...variant('tf32', 'TF32', ['--tf32']),
    { key: 'tf32Step', title: 'TF32: training steps against the CPU', run: onGpu(() => compareSteps(device, true)) },
    { key: 'tf32Training', title: 'TF32: training', run: onGpu(() => measureTraining(device, sizes, true)) },
    { key: 'fp16Gate', title: 'float16 by the gate of int8', run: () => judgeFloat16(model, device, sizes.gatePhotos) },
    ...variant('fp16', 'float16', ['--precision', 'fp16']),
  ];
}

/** Describes this machine. */
export async function machineFacts(device: Device): Promise<Record<string, string>> {
  const gpus = await listGpus(runProgram).catch(() => []);
  const gpu = gpus.find(({ index }) => device === `cuda:${index}`);
  return {
    processor: `${cpus()[0]?.model.trim()}, ${cores} cores`,
    ...(gpu && { GPU: `${gpu.name}, ${gpu.memory}, compute capability ${gpu.computeCapability}`, driver: gpu.driver }),
    system: `${process.platform}/${process.arch}, Node ${process.versions.node}`,
    'onnxruntime-node': runtimePackage().version,
  };
}
