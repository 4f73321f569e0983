# Runs the model for Triton's Python backend, because PyPI has no ONNX Runtime backend of Triton's.
import os

import triton_python_backend_utils as triton
from network import Network


class TritonPythonModel:
    def initialize(self, args):
        self.network = Network(os.path.join(args["model_repository"], args["model_version"], "model.onnx"))

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        photos = triton.get_input_tensor_by_name(request, "photos").as_numpy()
        names = list(request.requested_output_names())
        values = self.network.run(names, photos)
        return triton.InferenceResponse([triton.Tensor(name, value) for name, value in zip(names, values)])
