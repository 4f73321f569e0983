import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import { live } from '../../live/events.ts';
import { formatBytes, formatCount, formatPercent, formatSpan } from '../../parts/format.ts';
import { Figures, Meter, Panel } from '../../parts/panel.tsx';
import { Jobs } from './jobs.tsx';

const STATES = { ready: 'Ready', not_ready: 'Not ready yet', shutting_down: 'Stopping' } as const;

/** The server, the machine it runs on, and what they do at the moment. */
export function Home() {
  const status = live.status.value;
  if (!status) return <p>Asking the server …</p>;
  return (
    <div class="grid">
      <Server {...status} />
      <Hardware {...status} />
      <Jobs />
    </div>
  );
}

function Server({ state, uptimeMs, model, device, photos, queue, requests, engines, server }: StatusAnswer) {
  return (
    <Panel title="Server">
      <Figures
        of={[
          ['State', STATES[state]],
          ['Model', model.precision ? `${model.id} (${model.precision})` : model.id],
          ['Device', `${device.name} (${device.executionProvider})`],
          ['Engines', `${engines.filter(({ alive }) => alive).length} of ${engines.length} running`],
          ['Running for', formatSpan(Math.floor(uptimeMs / 60_000) * 60_000)],
          ['Photos scored', formatCount(photos.scored)],
          ['Requests', `${formatCount(requests.succeeded)} succeeded, ${formatCount(requests.failed)} failed`],
          ['Photos waiting', `${formatCount(queue.waiting)}, ${formatCount(queue.running)} being computed`],
          ['Memory of the server', server.memoryBytes === null ? 'Unknown' : formatBytes(server.memoryBytes)],
        ]}
      />
    </Panel>
  );
}

function Hardware({ cores, gpu }: StatusAnswer) {
  const machine = live.machine.value;
  return (
    <Panel title="Hardware">
      {machine && (
        <>
          <Meter name="Processor" share={machine.cpu} words={`${formatPercent(machine.cpu)} of ${cores} cores`} />
          <Meter
            name="Memory"
            share={machine.memoryUsedBytes / machine.memoryTotalBytes}
            words={`${formatBytes(machine.memoryUsedBytes)} of ${formatBytes(machine.memoryTotalBytes)}`}
          />
        </>
      )}
      {'absent' in gpu ? (
        <p class="hint">No GPU: {gpu.absent}</p>
      ) : (
        gpu.gpus.map((one) => <Gpu key={one.uuid} {...one} />)
      )}
    </Panel>
  );
}

type GpuUsage = Extract<StatusAnswer['gpu'], { gpus: unknown }>['gpus'][number];

function Gpu({ index, name, load, memoryUsedBytes, memoryTotalBytes, temperatureC, powerW }: GpuUsage) {
  return (
    <>
      <h3>
        GPU {index}: {name}
      </h3>
      {load !== null && <Meter name="Load" share={load} words={formatPercent(load)} />}
      {memoryUsedBytes !== null && memoryTotalBytes !== null && (
        <Meter
          name="Memory"
          share={memoryUsedBytes / memoryTotalBytes}
          words={`${formatBytes(memoryUsedBytes)} of ${formatBytes(memoryTotalBytes)}`}
        />
      )}
      <Figures
        of={[
          ['Temperature', temperatureC === null ? 'Unknown' : `${temperatureC} °C`],
          ['Power', powerW === null ? 'Unknown' : `${powerW.toFixed(0)} W`],
        ]}
      />
    </>
  );
}
