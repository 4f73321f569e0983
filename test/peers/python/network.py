# Runs a model file with ONNX Runtime, the same way in every server.
import onnxruntime


class Network:
    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(self, names, photos):
        return self.session.run(names, {"photos": photos})
