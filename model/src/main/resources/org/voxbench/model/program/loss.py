# Soft Dice plus cross entropy over the deep-supervision outputs (recipe section 2.2).

# Voxels outside the scan count as background.
def inside(labels: Tensor) -> Tensor:
  return torch.clamp_min(labels, 0).to(4)

def shrink(labels: Tensor, like: Tensor) -> Tensor:   # (B, Z, Y, X) -> nearest neighbour at like's size
  b, z, y, x = labels.shape
  fz = z // like.shape[2]
  fy = y // like.shape[3]
  fx = x // like.shape[4]
  return labels[:, fz // 2::fz, fy // 2::fy, fx // 2::fx]

def supervised(logits: List[Tensor], labels: Tensor, batch_dice: bool) -> Tensor:
  total = 0.
  for i in range(len(logits)):
    total += 0.5 ** float(i)
  sum = torch.zeros([], dtype=6, device=labels.device)
  for i in range(len(logits)):
    one = __torch__.loss.dice_and_entropy(logits[i], __torch__.loss.shrink(labels, logits[i]), batch_dice)
    sum = sum + one * (0.5 ** float(i) / total)
  return sum

def dice_and_entropy(logits: Tensor, labels: Tensor, batch_dice: bool) -> Tensor:
  target = torch.unsqueeze(labels, 1)                                             # (B, 1, Z, Y, X)
  logs = torch.log_softmax(logits, 1, 6)                                          # (B, classes, Z, Y, X)
  entropy = torch.neg(torch.mean(torch.gather(logs, 1, target)))
  p = torch.exp(logs)
  truth = torch.scatter(torch.zeros_like(p), 1, target, 1.)
  axes = [2, 3, 4]
  if batch_dice:
    axes = [0, 2, 3, 4]
  both = torch.sum(p * truth, axes)
  sizes = torch.sum(p, axes) + torch.sum(truth, axes)                             # 2 tp + fp + fn
  dice = (2. * both + 1e-5) / (sizes + 1e-5 + 1e-8)
  return entropy - torch.mean(dice[..., 1:])

# (3 * classes): hard true positives, false positives, false negatives, counted in float64.
def counts(logits: Tensor, labels: Tensor) -> Tensor:
  classes = logits.shape[1]
  predicted = torch.argmax(logits, 1)
  table = torch.bincount((labels * classes + predicted).flatten(), minlength=classes * classes)
  table = table.reshape([classes, classes]).to(7)      # rows: truth, columns: prediction
  both = torch.diagonal(table)
  return torch.cat([both, torch.sum(table, [0]) - both, torch.sum(table, [1]) - both])
