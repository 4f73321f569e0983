# Runs the model for Triton's Python backend, because PyPI has no ONNX Runtime backend of Triton's.
import os

import onnxruntime
import triton_python_backend_utils as triton


class TritonPythonModel:
    def initialize(self, args):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        path = os.path.join(args["model_repository"], args["model_version"], "model.onnx")
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        photos = triton.get_input_tensor_by_name(request, "photos").as_numpy()
        names = list(request.requested_output_names())
        values = self.session.run(names, {"photos": photos})
        return triton.InferenceResponse([triton.Tensor(name, value) for name, value in zip(names, values)])
