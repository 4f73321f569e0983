# A peer of `npm run bench -- peers`: python peer.py RUNTIME TASK PRECISION MODEL TEMPERATURE PHOTOS BATCH THREADS
# Prints the confidences of LIKE of its first round, then runs one round for each line that it reads.
import json
import sys

import numpy

runtime, task, precision, model, temperature, photos_path, batch, threads = sys.argv[1:]
batch, threads = int(batch), int(threads)
answers, sys.stdout = sys.stdout, sys.stderr  # libraries print progress
photos = numpy.fromfile(photos_path, numpy.uint8).reshape(-1, 1, 224, 224)[:batch]


def with_onnxruntime():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=['CPUExecutionProvider'])
    return lambda: session.run(['confidence'], {'photos': photos})[0], onnxruntime.__version__


def with_openvino():
    import openvino

    core = openvino.Core()
    network = core.read_model(model)
    network.reshape({'photos': [batch, 1, 224, 224]})
    if precision == 'int8':
        # It can't read QLinearConv, so it quantizes the float network itself.
        import nncf

        network = nncf.quantize(network, nncf.Dataset([{'photos': photos}]))
    # float32, as everyone else: OpenVINO would take bfloat16 where the processor has it.
    settings = {'INFERENCE_NUM_THREADS': threads, 'PERFORMANCE_HINT': 'LATENCY', 'INFERENCE_PRECISION_HINT': 'f32'}
    request = core.compile_model(network, 'CPU', settings).create_infer_request()
    return lambda: request.infer({'photos': photos})['confidence'], openvino.__version__


def with_opencv():
    import cv2

    cv2.setNumThreads(threads)
    network = cv2.dnn.readNetFromONNX(model)

    def score():
        network.setInput(photos, 'photos')
        return network.forward('confidence')

    return score, cv2.__version__


def read_safetensors(path):
    with open(path, 'rb') as file:
        size = int.from_bytes(file.read(8), 'little')
        header = json.loads(file.read(size))
        data = file.read()
    return {
        name: numpy.frombuffer(data[slice(*tensor['data_offsets'])], numpy.float32).reshape(tensor['shape'])
        for name, tensor in header.items()
        if name != '__metadata__'
    }


def googlenet(weights, auxiliary):
    import torch
    from torch import nn

    def loaded(name, layer):
        if name + '.weight' in weights:
            layer.weight.data = torch.tensor(weights[name + '.weight'])
            layer.bias.data = torch.tensor(weights[name + '.bias'])
        return layer

    def conv(name, inputs, outputs, kernel, stride=1):
        layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2)
        return nn.Sequential(loaded(name, layer), nn.ReLU(inplace=True))

    halve = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
    norm = lambda: nn.LocalResponseNorm(5, 1e-4, 0.75, 1.0)

    class Inception(nn.Module):
        def __init__(self, name, inputs, one, three_reduce, three, five_reduce, five, pool):
            super().__init__()
            at = lambda part: f'inception_{name}/{part}'
            self.one = conv(at('1x1'), inputs, one, 1)
            self.three = nn.Sequential(
                conv(at('3x3_reduce'), inputs, three_reduce, 1), conv(at('3x3'), three_reduce, three, 3)
            )
            self.five = nn.Sequential(
                conv(at('5x5_reduce'), inputs, five_reduce, 1), conv(at('5x5'), five_reduce, five, 5)
            )
            self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(at('pool_proj'), inputs, pool, 1))

        def forward(self, x):
            return torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], 1)

    class Auxiliary(nn.Sequential):
        def __init__(self, inputs):
            super().__init__(
                nn.AvgPool2d(5, 3), conv('auxiliary', inputs, 128, 1), nn.Flatten(),
                nn.Linear(2048, 1024), nn.ReLU(inplace=True), nn.Dropout(0.7), nn.Linear(1024, 2),
            )

    class GoogLeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.start = nn.Sequential(
                conv('conv1/7x7_s2', 1, 64, 7, 2), halve(), norm(),
                conv('conv2/3x3_reduce', 64, 64, 1), conv('conv2/3x3', 64, 192, 3), norm(), halve(),
            )
            self.three = nn.Sequential(
                Inception('3a', 192, 64, 96, 128, 16, 32, 32), Inception('3b', 256, 128, 128, 192, 32, 96, 64), halve()
            )
            self.four_a = Inception('4a', 480, 192, 96, 208, 16, 48, 64)
            self.four_d = nn.Sequential(
                Inception('4b', 512, 160, 112, 224, 24, 64, 64), Inception('4c', 512, 128, 128, 256, 24, 64, 64),
                Inception('4d', 512, 112, 144, 288, 32, 64, 64),
            )
            self.rest = nn.Sequential(
                Inception('4e', 528, 256, 160, 320, 32, 128, 128), halve(),
                Inception('5a', 832, 256, 160, 320, 32, 128, 128), Inception('5b', 832, 384, 192, 384, 48, 128, 128),
                nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            )
            self.dropout = nn.Dropout(0.4)
            self.classifier = loaded('loss3/classifier', nn.Linear(1024, 2))
            self.auxiliary = nn.ModuleList([Auxiliary(512), Auxiliary(528)]) if auxiliary else None

        def forward(self, x):
            a = self.four_a(self.three(self.start(x)))
            d = self.four_d(a)
            logits = self.classifier(self.dropout(self.rest(d)))
            return (logits, self.auxiliary[0](a), self.auxiliary[1](d)) if self.auxiliary else logits

    return GoogLeNet()


def with_pytorch():
    import torch

    torch.set_num_threads(threads)
    weights = read_safetensors(model)
    network = googlenet(weights, auxiliary=False).eval().to(memory_format=torch.channels_last)
    levels = torch.from_numpy(photos.astype(numpy.float32)) - torch.from_numpy(weights['mean'])
    levels = levels.to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def score():
        return (network(levels) / float(temperature)).softmax(1).numpy()

    return score, torch.__version__


def step_with_pytorch():
    import torch

    torch.set_num_threads(threads)
    network = googlenet({}, auxiliary=True).train().to(memory_format=torch.channels_last)
    levels = (torch.from_numpy(numpy.resize(photos, (batch, 1, 224, 224)).astype(numpy.float32)) - 114.7).to(
        memory_format=torch.channels_last
    )
    labels = torch.arange(batch) % 2
    optimizer = torch.optim.SGD(network.parameters(), 0.001, momentum=0.9, weight_decay=1e-4)
    loss = torch.nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        last, *others = network(levels)
        (loss(last, labels) + 0.3 * sum(loss(other, labels) for other in others)).backward()
        optimizer.step()
        return numpy.full((batch, 2), 0.5)

    return step, torch.__version__


TASKS = {
    ('onnxruntime', 'score'): with_onnxruntime,
    ('openvino', 'score'): with_openvino,
    ('opencv', 'score'): with_opencv,
    ('pytorch', 'score'): with_pytorch,
    ('pytorch', 'train'): step_with_pytorch,
}

run, version = TASKS[runtime, task]()
confidences = numpy.asarray(run()).reshape(batch, -1)
print(json.dumps({'version': version.split('-')[0], 'likes': confidences[:, 1].tolist()}), file=answers, flush=True)
for _ in sys.stdin:
    run()
    print('done', file=answers, flush=True)
