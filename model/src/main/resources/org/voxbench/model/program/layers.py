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
  # The CPU's half precision weight gradient reads memory it never wrote where only few voxels are left.
  if x.shape[2] * x.shape[3] * x.shape[4] <= 64 and x.dtype != 6 and not x.is_cuda:
    y = __torch__.layers.same_size(x.to(6), weight.to(6), None).to(x.dtype)
    if bias is not None:
      y = y + torch.reshape(bias, [1, -1, 1, 1, 1])
    return y
  return __torch__.layers.same_size(x, weight, bias)

# On the CPU, libtorch sends a single small sample in float32 to code that is two to three times slower than
# oneDNN, but never a batch: a lone volume goes in as its two halves, each with the planes next to it.
def same_size(x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
  b, c, sz, sy, sx = x.shape
  padding = weight.shape[2] // 2
  if x.is_cuda or x.dtype != 6 or b > 1 or c * sz * sy > 20480 or sz % 2 == 1 or padding == 0:
    return torch.conv3d(x, weight, bias, [1, 1, 1], [padding, padding, padding])
  half = sz // 2
  padded = torch.constant_pad_nd(x, [0, 0, 0, 0, padding, padding])
  halves = torch.cat([torch.narrow(padded, 2, 0, half + 2 * padding), torch.narrow(padded, 2, half, half + 2 * padding)])
  y = torch.conv3d(halves, weight, bias, [1, 1, 1], [0, padding, padding])
  return __torch__.layers.volume(torch.flatten(__torch__.layers.tokens(y), 0, 1).unsqueeze(0), x)

def downsample(x: Tensor, w: Dict[str, Tensor], prefix: str) -> Tensor:
  weight = w[prefix + ".0.conv.weight"]               # (C, c, k, k, k), stride = kernel
  y = torch.conv3d(x, weight, None, weight.shape[2:]).contiguous(memory_format=3)
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
  return torch.conv_transpose3d(x, weight, None, weight.shape[2:]).contiguous(memory_format=3).add_(skip)

def instance_norm(x: Tensor, rates: List[float]) -> Tensor:
  b, c, sz, sy, sx = x.shape
  if b > 1:
    return torch.group_norm(x, c, None, None, 1e-5)
  if len(rates) == 0 and x.is_cpu and sz * sy * sx % 8 == 0:
    return __torch__.layers.wide_norm(x)
  return torch.batch_norm(x, None, None, None, None, True, 0.1, 1e-5, False)   # the batch is the instance

# The same without a gradient, many voxels side by side: a few channels alone would not fill the CPU's vectors,
# and one float32 sum over a million voxels would lose two digits. The statistics take the type of the buffers
# they could update.
def wide_norm(x: Tensor) -> Tensor:
  b, c, sz, sy, sx = x.shape
  wide = 8
  while wide < 512 and sz * sy * sx % (2 * wide) == 0:
    wide *= 2
  rows = torch.reshape(__torch__.layers.tokens(x), [-1, wide * c])
  start = torch.zeros([wide * c], dtype=6)
  means, variances = torch.batch_norm_update_stats(rows, start, torch.ones_like(start), 0.1)
  means = torch.reshape(means, [wide, c])
  mean = torch.mean(means, [0])
  between = torch.mean(torch.square(means - mean), [0])
  variance = torch.mean(torch.reshape(variances, [wide, c]), [0]) + between
  y = torch.batch_norm(rows, None, None, mean.repeat([wide]), variance.repeat([wide]), False, 0.1, 1e-5, False)
  return __torch__.layers.volume(torch.reshape(y, [1, -1, c]), x)

def input_block(x: Tensor, w: Dict[str, Tensor], rates: List[float]) -> Tensor:
  return __torch__.layers.instance_residual(x, w, "encoder1.", rates)

def instance_residual(x: Tensor, w: Dict[str, Tensor], prefix: str, rates: List[float]) -> Tensor:
  y = __torch__.layers.instance_norm(__torch__.layers.convolve(x, w, prefix + "conv1."), rates)
  y = __torch__.layers.convolve(torch.leaky_relu_(y, 0.01), w, prefix + "conv2.")
  y = __torch__.layers.instance_norm(y, rates)
  shortcut = x
  if (prefix + "conv3.conv.weight") in w:
    shortcut = __torch__.layers.normed_projection(x, w[prefix + "conv3.conv.weight"])
  return torch.leaky_relu_(y.add_(shortcut), 0.01)

# A convolution with kernel 1 and the instance norm after it, as one linear map: what the norm needs to know follows
# from mean and covariance of the few input channels.
def normed_projection(x: Tensor, weight: Tensor) -> Tensor:
  rows = __torch__.layers.tokens(x).to(6)                                          # (B, N, c)
  centred = rows - torch.mean(rows, [1], True)
  exact = centred.to(7)
  covariance = torch.bmm(torch.transpose(exact, 1, 2), exact).mul_(1. / float(rows.shape[1])).to(6)
  projection = torch.flatten(weight, 1).to(6).unsqueeze(0)                         # (1, C, c)
  variance = torch.sum(torch.matmul(projection, covariance) * projection, [2], True)
  projection = projection * torch.rsqrt(variance + 1e-5)                           # (B, C, c)
  return __torch__.layers.volume(torch.bmm(centred.to(x.dtype), torch.transpose(projection, 1, 2).to(x.dtype)), x)

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
  b, c, sz, sy, sx = x.shape
  weight = torch.flatten(w[prefix + "conv.conv.weight"], 1)                        # (classes, C)
  x_rows = torch.transpose(__torch__.layers.tokens(x), 1, 2)                       # (B, C, N)
  if b == 1:
    y = torch.mm(weight, torch.squeeze(x_rows, 0)).unsqueeze(0)                    # its gradient lies as x does
  else:
    y = torch.bmm(weight.expand([b, -1, -1]), x_rows)
  y = y.add_(torch.unsqueeze(w[prefix + "conv.conv.bias"], 1))                     # (B, classes, N)
  return torch.reshape(y, [b, weight.shape[0], sz, sy, sx])

# A number of its own for every prefix: each block draws its dropout from a seed of its own, so that it can be
# computed again.
def number(prefix: str) -> int:
  n = 0
  for letter in prefix:
    n = (31 * n + ord(letter)) % 2147483647
  return n

# Keeps each element with probability 1 - rate, by 16 bits of SplitMix64 over a counter: libtorch's own generator
# runs on one thread and would take a twentieth of the step. What a shift fills in with its sign is cut off.
# The caller divides by 1 - rate where that costs least.
def mask(like: Tensor, rate: float) -> Tensor:
  seed = torch.empty([1], dtype=4, device=like.device).random_(-9223372036854775807, None)
  bits = torch.arange((like.numel() + 3) // 4, dtype=4, device=like.device)
  bits.mul_(-7046029254386353131).add_(seed)
  bits.bitwise_xor_(torch.bitwise_right_shift(bits, 30).bitwise_and_(17179869183)).mul_(-4658895280553007687)
  bits.bitwise_xor_(torch.bitwise_right_shift(bits, 27).bitwise_and_(137438953471)).mul_(-7723592293110705685)
  bits.bitwise_xor_(torch.bitwise_right_shift(bits, 31).bitwise_and_(8589934591))
  kept = torch.view_copy(bits, dtype=2).lt_(int(65536. * (1. - rate)) - 32768)                             # each int64 as four int16
  return kept[:like.numel()].to(like.dtype).view_as(like)
