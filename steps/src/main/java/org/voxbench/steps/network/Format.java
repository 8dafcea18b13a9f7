package org.voxbench.steps.network;

/** What weights can be written as. */
public enum Format {
  /** Names, shapes and numbers; the network's description in its metadata. */
  SAFETENSORS,
  /** A state_dict that {@code torch.load(weights_only=True)} reads into the published class. */
  PT,
  /** Program and weights, which {@code torch.jit.load} runs. */
  TORCHSCRIPT
}
