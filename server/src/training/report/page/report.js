// Draws the report's charts with uPlot (inlined before this). Runs as it is in the report, with no build step.
/* global uPlot */
{
  const data = JSON.parse(document.getElementById('data').textContent);
  const HEIGHT = 320;

  /** Resolves a color of the page's style for the canvas. Only an element can resolve `light-dark()`. */
  const colorOf = (name) => {
    const probe = document.createElement('span');
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };

  const points = (list, of) => [list.map(({ epoch }) => epoch), list.map(of)];
  const axis = (more) => ({
    stroke: colorOf('ink-soft'),
    grid: { stroke: colorOf('line'), width: 1 },
    ticks: { stroke: colorOf('line'), width: 1 },
    ...more,
  });
  const number = (digits) => (_, value) => (value == null ? '–' : value.toFixed(digits));
  const share = (_, value) => (value == null ? '–' : `${(value * 100).toFixed(1)}%`);
  const epochAxis = () => axis({ label: 'epoch' });

  const charts = {
    curves: () => {
      const { steps, training, validation } = data;
      const line = (label, scale, stroke, more) => ({
        label,
        scale,
        stroke: colorOf(stroke),
        width: 2,
        spanGaps: true,
        value: scale === 'share' ? share : number(4),
        ...more,
      });
      const dashed = { dash: [6, 4] };
      return {
        options: {
          scales: { x: { time: false }, loss: {}, share: { range: [0, 1] } },
          axes: [
            epochAxis(),
            axis({ scale: 'loss', label: 'loss' }),
            axis({
              scale: 'share',
              side: 1,
              label: 'accuracy',
              grid: { show: false },
              values: (_, all) => all.map((one) => `${Math.round(one * 100)}%`),
            }),
          ],
          series: [
            { label: 'epoch', value: number(2) },
            line('loss, batch', 'loss', 'batch', { width: 1, points: { show: false } }),
            line('loss, training', 'loss', 'training'),
            line('loss, validation', 'loss', 'validation'),
            line('accuracy, training', 'share', 'training', dashed),
            line('accuracy, validation', 'share', 'validation', dashed),
          ],
        },
        columns: uPlot.join([
          points(steps, ({ loss }) => loss),
          points(training, ({ loss }) => loss),
          points(validation, ({ loss }) => loss),
          points(training, ({ accuracy }) => accuracy),
          points(validation, ({ accuracy }) => accuracy),
        ]),
      };
    },

    'learning-rate': () => ({
      options: {
        scales: { x: { time: false }, y: { range: (_, __, high) => [0, high * 1.05 || 1] } },
        axes: [epochAxis(), axis({ label: 'learning rate', size: 70 })],
        series: [
          { label: 'epoch', value: number(2) },
          {
            label: 'learning rate',
            stroke: colorOf('training'),
            width: 2,
            points: { show: false },
            value: (_, learningRate) => learningRate?.toPrecision(3) ?? '–',
          },
        ],
      },
      columns: points(data.steps, ({ learningRate }) => learningRate),
    }),

    reliability: () => {
      const centers = data.before.bins.map(({ from, to }) => (from + to) / 2);
      const shares = ({ bins }) => [null, ...bins.map(({ count, likeShare }) => (count > 0 ? likeShare : null)), null];
      const line = (label, stroke, more) => ({
        label,
        stroke: colorOf(stroke),
        width: 2,
        spanGaps: true,
        value: share,
        ...more,
      });
      return {
        options: {
          scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
          axes: [axis({ label: 'LIKE confidence' }), axis({ label: 'fraction that is LIKE' })],
          series: [
            { label: 'confidence', value: share },
            line('calibrated', 'ink-soft', { width: 1, dash: [4, 4], points: { show: false } }),
            line('before the temperature', 'batch', { dash: [6, 4], points: { show: true, size: 6 } }),
            line('after the temperature', 'training', { points: { show: true, size: 8 } }),
          ],
        },
        columns: [[0, ...centers, 1], [0, ...centers, 1], shares(data.before), shares(data.after)],
      };
    },

    histogram: () => {
      const { LIKE, NOPE } = data.after.histogram;
      const bars = (label, stroke, align) => ({
        label,
        stroke: colorOf(stroke),
        fill: colorOf(stroke),
        points: { show: false },
        paths: uPlot.paths.bars({ size: [0.42], align }),
      });
      return {
        options: {
          scales: { x: { time: false, range: [0, 1] }, y: { range: (_, __, high) => [0, high * 1.05 || 1] } },
          axes: [axis({ label: 'LIKE confidence' }), axis({ label: 'photos' })],
          series: [{ label: 'confidence', value: share }, bars('NOPE', 'nope', -1), bars('LIKE', 'like', 1)],
        },
        columns: [LIKE.map((_, index) => (index + 0.5) / LIKE.length), NOPE, LIKE],
      };
    },
  };

  let drawn = [];
  const draw = () => {
    for (const chart of drawn) chart.destroy();
    drawn = [...document.querySelectorAll('[data-chart]')].map((place) => {
      const { options, columns } = charts[place.dataset.chart]();
      return new uPlot({ width: place.clientWidth, height: HEIGHT, ...options }, columns, place);
    });
  };
  draw();
  addEventListener('resize', () => {
    for (const chart of drawn) chart.setSize({ width: chart.root.parentElement.clientWidth, height: HEIGHT });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}
