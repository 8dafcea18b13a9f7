# Convolutions, norms and the two residual blocks.

def image(x: Tensor, dtype: int) -> Tensor:           # channels last in memory
  return x.to(dtype).contiguous(memory_format=3)

def tokens(x: Tensor) -> Tensor:                      # (B, C, Z, Y, X) -> (B, N, C), a view
  return torch.flatten(torch.permute(x, [0, 2, 3, 4, 1]), 1, 3)

def volume(t: Tensor, like: Tensor) -> Tensor:        # (B, N, C) -> (B, C, Z, Y, X), a view
  b, c, z, y, x = like.shape
  return torch.permute(torch.reshape(t, [b, z, y, x, t.shape[2]]), [0, 4, 1, 2, 3])

# Same size, kernel 3 or 1; only folded convolutions have a bias.
def convolve(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  weight = w[prefix + "conv.weight"]
  bias = annotate(Optional[Tensor], None)
  if (prefix + "conv.bias") in w:
    bias = w[prefix + "conv.bias"]
  padding = weight.shape[2] // 2
  # The CPU's half precision weight gradient reads memory it never wrote where only few voxels are left.
  if x.shape[2] * x.shape[3] * x.shape[4] <= 64 and x.dtype != 6 and not x.is_cuda:
    y = torch.conv3d(x.to(6), weight.to(6), None, [1, 1, 1], [padding, padding, padding]).to(x.dtype)
    if bias is not None:
      y = y + torch.reshape(bias, [1, -1, 1, 1, 1])
    return y
  return torch.conv3d(x, weight, bias, [1, 1, 1], [padding, padding, padding])

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
  return torch.conv_transpose3d(x, weight, None, weight.shape[2:]).add_(skip)

def instance_norm(x: Tensor) -> Tensor:
  if x.shape[0] == 1:                                 # then the batch is the instance, and no copy is made
    return torch.batch_norm(x, None, None, None, None, True, 0.1, 1e-5, False)
  return torch.group_norm(x, x.shape[1], None, None, 1e-5)

def input_block(x: Tensor, w: Dict[str, Tensor]) -> Tensor:
  return __torch__.layers.instance_residual(x, w, "encoder1.")

def instance_residual(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  y = __torch__.layers.instance_norm(__torch__.layers.convolve(x, w, prefix + "conv1."))
  y = __torch__.layers.convolve(torch.leaky_relu_(y, 0.01), w, prefix + "conv2.")
  y = __torch__.layers.instance_norm(y)
  shortcut = x
  if (prefix + "conv3.conv.weight") in w:
    shortcut = __torch__.layers.instance_norm(__torch__.layers.convolve(x, w, prefix + "conv3."))
  return torch.leaky_relu_(y.add_(shortcut), 0.01)

# Folded networks have no batch norms left.
def batch_norm(x: Tensor, w: Dict[str, Tensor], prefix: str, training: bool) -> Tensor:
  if (prefix + "weight") in w:
    return torch.batch_norm(x, w[prefix + "weight"], w[prefix + "bias"],
        w[prefix + "running_mean"], w[prefix + "running_var"], training, 0.1, 1e-5, False)
  return x

def batch_residual(x: Tensor, w: Dict[str, Tensor], prefix: str, training: bool) -> Tensor:
  y = __torch__.layers.batch_norm(__torch__.layers.convolve(x, w, prefix + "conv1."), w, prefix + "norm1.", training)
  y = __torch__.layers.convolve(torch.leaky_relu_(y, 0.01), w, prefix + "conv2.")
  y = __torch__.layers.batch_norm(y, w, prefix + "norm2.", training)
  return torch.leaky_relu_(y.add_(x), 0.01)

# Contiguous per class, as the loss and the caller want it.
def head(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  weight = torch.flatten(w[prefix + "conv.conv.weight"], 1)                        # (classes, C)
  y = torch.matmul(weight, torch.transpose(__torch__.layers.tokens(x), 1, 2))      # (B, classes, N)
  y = y.add_(torch.unsqueeze(w[prefix + "conv.conv.bias"], 1))
  b, c, sz, sy, sx = x.shape
  return torch.reshape(y, [b, weight.shape[0], sz, sy, sx])

# Keeps each element with probability 1 - rate, by 16 random bits: Bernoulli draws would take a tenth of
# the step. The caller divides by 1 - rate where that costs least.
def mask(like: Tensor, rate: float) -> Tensor:
  quarter = (like.numel() + 3) // 4
  bits = torch.empty([quarter], dtype=4, device=like.device).random_(-9223372036854775807, None)
  border = int(65536. * (1. - rate)) - 32768
  kept = torch.stack([torch.lt(bits >> 48, border), torch.lt((bits << 16) >> 48, border),
      torch.lt((bits << 32) >> 48, border), torch.lt((bits << 48) >> 48, border)])
  return kept.flatten()[:like.numel()].to(like.dtype).view_as(like)
