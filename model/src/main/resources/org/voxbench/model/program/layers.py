# Convolutions, norms and the two residual blocks.

def image(x: Tensor, dtype: int) -> Tensor:           # channels last in memory
  return x.to(dtype).contiguous(memory_format=3)

def tokens(x: Tensor) -> Tensor:                      # (B, C, Z, Y, X) -> (B, N, C), a view
  return torch.flatten(torch.permute(x, [0, 2, 3, 4, 1]), 1, 3)

def volume(t: Tensor, like: Tensor) -> Tensor:        # (B, N, C) -> (B, C, Z, Y, X), a view
  b, c, z, y, x = like.shape
  return torch.permute(torch.reshape(t, [b, z, y, x, t.shape[2]]), [0, 4, 1, 2, 3])

def convolve(x: Tensor, weight: Tensor) -> Tensor:    # same size, kernel 3 or 1, no bias
  padding = weight.shape[2] // 2
  # The CPU's half precision weight gradient reads memory it never wrote where only few voxels are left.
  if x.shape[2] * x.shape[3] * x.shape[4] <= 64 and x.dtype != 6 and not x.is_cuda:
    y = torch.conv3d(x.to(6), weight.to(6), None, [1, 1, 1], [padding, padding, padding])
    return y.to(x.dtype)
  return torch.conv3d(x, weight, None, [1, 1, 1], [padding, padding, padding])

def downsample(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  weight = w[prefix + ".0.conv.weight"]               # (C, c, k, k, k), stride = kernel
  y = torch.conv3d(x, weight, None, weight.shape[2:])
  groups = weight.shape[1]
  if weight.shape[0] % groups != 0:
    groups = 1
  weight, bias = __torch__.layers.norm_weights(y, w, prefix + ".1.")
  return torch.group_norm(y, groups, weight, bias, 1e-5)

# CUDA wants the weights of layer and group norms in the type of their input, the CPU takes float32.
def norm_weights(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tuple[Tensor, Tensor]:
  weight = w[prefix + "weight"]
  bias = w[prefix + "bias"]
  if x.is_cuda:
    weight = weight.to(x.dtype)
    bias = bias.to(x.dtype)
  return (weight, bias)

def upsample_add(x: Tensor, skip: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  weight = w[prefix + "transp_conv.conv.weight"]      # (c, C, k, k, k), stride = kernel
  return torch.conv_transpose3d(x, weight, None, weight.shape[2:]) + skip

def instance_norm(x: Tensor) -> Tensor:
  return torch.instance_norm(x, None, None, None, None, True, 0.1, 1e-5, False)

def input_block(x: Tensor, w: Dict[str, Tensor]) -> Tensor:
  return __torch__.layers.instance_residual(x, w, "encoder1.")

def instance_residual(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  y = __torch__.layers.convolve(x, w[prefix + "conv1.conv.weight"])
  y = torch.leaky_relu_(__torch__.layers.instance_norm(y), 0.01)
  y = __torch__.layers.instance_norm(__torch__.layers.convolve(y, w[prefix + "conv2.conv.weight"]))
  if (prefix + "conv3.conv.weight") in w:
    shortcut = __torch__.layers.instance_norm(__torch__.layers.convolve(x, w[prefix + "conv3.conv.weight"]))
  else:
    shortcut = x
  return torch.leaky_relu_(y + shortcut, 0.01)

def batch_norm(x: Tensor, w: Dict[str, Tensor], prefix: str, training: bool) -> Tensor:
  return torch.batch_norm(x, w[prefix + "weight"], w[prefix + "bias"],
      w[prefix + "running_mean"], w[prefix + "running_var"], training, 0.1, 1e-5, False)

def batch_residual(x: Tensor, w: Dict[str, Tensor], prefix: str, training: bool) -> Tensor:
  y = __torch__.layers.convolve(x, w[prefix + "conv1.conv.weight"])
  y = torch.leaky_relu_(__torch__.layers.batch_norm(y, w, prefix + "norm1.", training), 0.01)
  y = __torch__.layers.convolve(y, w[prefix + "conv2.conv.weight"])
  y = __torch__.layers.batch_norm(y, w, prefix + "norm2.", training)
  return torch.leaky_relu_(y + x, 0.01)

def head(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  return torch.conv3d(x, w[prefix + "conv.conv.weight"], w[prefix + "conv.conv.bias"])
