# Soft Dice plus cross entropy over the deep-supervision outputs (recipe section 2.2), with its gradient
# written out: autograd would keep a dozen arrays of classes x voxels.

# Voxels outside the scan count as background.
def inside(labels: Tensor) -> Tensor:
  return torch.clamp_min(labels, 0).to(4)

def shrink(labels: Tensor, like: Tensor) -> Tensor:   # (B, Z, Y, X) -> nearest neighbour at like's size
  b, z, y, x = labels.shape
  fz = z // like.shape[2]
  fy = y // like.shape[3]
  fx = x // like.shape[4]
  return labels[:, fz // 2::fz, fy // 2::fy, fx // 2::fx]

# The loss and its gradient by the logits of each output, times scale.
def supervised(logits: List[Tensor], labels: Tensor, batch_dice: bool, scale: float) -> Tuple[Tensor, List[Optional[Tensor]]]:
  total = 0.
  for i in range(len(logits)):
    total += 0.5 ** float(i)
  sum = torch.zeros([], dtype=6, device=labels.device)
  gradients = annotate(List[Optional[Tensor]], [])
  for i in range(len(logits)):
    weight = 0.5 ** float(i) / total
    one, gradient = __torch__.loss.dice_and_entropy(
        logits[i].detach(), __torch__.loss.shrink(labels, logits[i]), batch_dice, weight * scale)
    sum = sum + one * weight
    gradients.append(gradient)
  return (sum, gradients)

def dice_and_entropy(logits: Tensor, labels: Tensor, batch_dice: bool, scale: float) -> Tuple[Tensor, Tensor]:
  target = torch.unsqueeze(labels.flatten(1), 1)                                  # (B, 1, V)
  x = torch.flatten(logits, 2).to(6)                                              # (B, classes, V)
  p = torch.softmax(x, 1)
  b, classes, v = p.shape
  voxels = float(b * v)
  log_sum = torch.amax(x, [1], True) - torch.log(torch.amax(p, [1], True))        # of exponentials, (B, 1, V)
  entropy = torch.gather(x, 1, target) - log_sum
  p_true = torch.exp(entropy)
  both = torch.zeros([b, classes], dtype=6, device=p.device)
  both = torch.scatter_add(both, 1, torch.squeeze(target, 1), torch.squeeze(p_true, 1))
  ones = torch.ones([1, v], dtype=6, device=p.device).expand(b, v)
  sizes = torch.sum(p, [2]) + torch.scatter_add(torch.zeros_like(both), 1, torch.squeeze(target, 1), ones)
  if batch_dice:
    both = torch.sum(both, [0], True)                                             # (1, classes)
    sizes = torch.sum(sizes, [0], True)                                           # 2 tp + fp + fn
  above = 2. * both + 1e-5
  below = sizes + 1e-5 + 1e-8
  loss = torch.neg(torch.mean(entropy)) - torch.mean((above / below)[:, 1:])

  # d dice / d p of class c is a_c where c is the truth, plus b_c everywhere; then through the softmax.
  part = scale / float(both.shape[0] * (classes - 1))
  a = (-2. * part) / below
  c = part * above / (below * below)
  a[:, 0] = 0.
  c[:, 0] = 0.
  a_true = torch.gather(a.expand(b, classes), 1, torch.squeeze(target, 1)).unsqueeze(1)  # (B, 1, V)
  pull = torch.matmul(c.unsqueeze(1), p) + a_true * p_true - scale / voxels              # (B, 1, V)
  gradient = p.mul_(c.unsqueeze(2) - pull)
  gradient.scatter_add_(1, target, a_true * p_true - scale / voxels)
  return (loss, gradient.to(logits.dtype).view_as(logits))

# (3 * classes): hard true positives, false positives, false negatives, counted in float64.
def counts(logits: Tensor, labels: Tensor) -> Tensor:
  classes = logits.shape[1]
  predicted = torch.argmax(logits, 1)
  table = torch.bincount((labels * classes + predicted).flatten(), minlength=classes * classes)
  table = table.reshape([classes, classes]).to(7)      # rows: truth, columns: prediction
  both = torch.diagonal(table)
  return torch.cat([both, torch.sum(table, [0]) - both, torch.sum(table, [1]) - both])
