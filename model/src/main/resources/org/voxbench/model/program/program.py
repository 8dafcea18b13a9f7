# The methods that Java calls. x: (B, channels, Z, Y, X) float32; labels: (B, Z, Y, X) int8, -1 = outside.

class Program(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  weights : Dict[str, Tensor]
  moments : List[Dict[str, Tensor]]

  # Takes the arrays a training changes; they stay the caller's memory.
  def adopt(self: __torch__.Program, weights: Dict[str, Tensor], moments: List[Dict[str, Tensor]]) -> NoneType:
    self.weights = weights
    self.moments = moments
    return None

  # One update of the adopted arrays; returns loss, gradient norm, whether it was applied.
  # options: dtype, deep supervision, batch Dice, AdamW, activation checkpointing, seed.
  def step(self: __torch__.Program, x: Tensor, labels: Tensor, settings: Tensor, options: Tensor) -> Tensor:
    numbers = [float(n) for n in torch.unbind(settings)]
    rate, attention_dropout, channel_dropout, clip, scale = numbers[:5]
    dtype, deep, batch_dice, adam, checkpointed, seed = [int(n) for n in torch.unbind(options)]
    image = __torch__.layers.image(x, dtype)
    truth = __torch__.loss.inside(labels)
    rates = [attention_dropout, channel_dropout, float(seed)]
    leaves, network = __torch__.update.working_copy(self.weights, dtype)
    if checkpointed != 0:
      loss, found = __torch__.recompute.gradients(
          image, network, leaves, rates, truth, [deep != 0, batch_dice != 0], scale)
    else:
      torch.set_grad_enabled(True)
      logits = __torch__.network.forward(image, network, rates, deep != 0)
      torch.set_grad_enabled(False)
      loss, slopes = __torch__.loss.supervised(logits, truth, batch_dice != 0, scale)
      found = torch.grad(logits, list(leaves.values()), slopes, allow_unused=True)
    gradients, norm = __torch__.update.gathered(found, leaves, 1. / scale)
    value = float(loss)
    applied = torch.isfinite(value) and torch.isfinite(norm)
    if applied:
      shrink = __torch__.update.clipping(norm, clip) / scale
      __torch__.update.statistics(self.weights, network)
      __torch__.update.optimizer(self.weights, self.moments, gradients, shrink, numbers, adam != 0)
    return torch.tensor([value, norm, float(applied)], dtype=7)

  # Loss, then true positives, false positives, false negatives of every class, in evaluation mode.
  def validate(self: __torch__.Program,
      w: Dict[str, Tensor],
      x: Tensor,
      labels: Tensor,
      dtype: int,
      flags: List[bool]) -> Tensor:
    deep, batch_dice = flags[:2]
    leaves, network = __torch__.update.working_copy(w, dtype)
    logits = __torch__.network.forward(__torch__.layers.image(x, dtype), network, annotate(List[float], []), deep)
    truth = __torch__.loss.inside(labels)
    loss, slopes = __torch__.loss.supervised(logits, truth, batch_dice, 1.)
    return torch.cat([loss.reshape([1]).to(7), __torch__.loss.counts(logits[0], truth)])

  # Logits of all outputs as float32, for checks against published values.
  def logits(self: __torch__.Program,
      w: Dict[str, Tensor],
      x: Tensor,
      dtype: int,
      training: bool) -> List[Tensor]:
    rates = annotate(List[float], [])
    if training:
      rates = [0., 0., 0.]
    leaves, network = __torch__.update.working_copy(w, dtype)
    return [y.to(6).contiguous() for y in __torch__.network.forward(__torch__.layers.image(x, dtype), network, rates, True)]

  # A mask of attention dropout, for checks.
  def mask(self: __torch__.Program, like: Tensor, rate: float, seed: int) -> Tensor:
    torch.manual_seed(seed)
    return __torch__.layers.mask(like, rate)

  # Weights as prediction wants them; done once.
  def prepare(self: __torch__.Program, w: Dict[str, Tensor], dtype: int) -> Dict[str, Tensor]:
    return __torch__.fold.folded(w, dtype)

  # Class probabilities (B, classes, Z, Y, X) of windows, optionally averaged over the eight mirrorings.
  def predict(self: __torch__.Program, w: Dict[str, Tensor], x: Tensor, dtype: int, mirror: bool) -> Tensor:
    total = __torch__.network.probabilities(x, w, dtype)
    if mirror:
      for axes in [[4], [3], [3, 4], [2], [2, 4], [2, 3], [2, 3, 4]]:
        total.add_(torch.flip(__torch__.network.probabilities(torch.flip(x, axes), w, dtype), axes))
      total.mul_(0.125)
    return total
