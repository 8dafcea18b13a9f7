# A training step that keeps only what passes between the parts of the network, and computes what lies inside
# a part a second time when its gradient is due: less memory, more time, the same numbers bit for bit.

# The parts in order: what each does, the prefix of its weights, the numbers of its inputs. The output of the
# n-th has number n + 1; number 0 is the image. Then the numbers of the full resolution, of dec2 and of dec1.
def plan(w: Dict[str, Tensor]) -> Tuple[List[Tuple[str, str, List[int]]], List[int]]:
  parts = annotate(List[Tuple[str, str, List[int]]], [])
  parts.append(("input", "encoder1.", [0]))
  stages = [0]
  for i in range(4):
    parts.append(("down", "unetr_pp_encoder.downsample_layers." + str(i), [stages[i]]))
    stages.append(__torch__.recompute.blocks(parts, w, "unetr_pp_encoder.stages." + str(i) + "."))
  for i in range(3):
    prefix = "decoder" + str(5 - i) + "."
    parts.append(("up", prefix, [stages[4 + i], stages[3 - i]]))
    stages.append(__torch__.recompute.blocks(parts, w, prefix + "decoder_block.0."))
  return (parts, [1, stages[6], stages[7]])

def blocks(parts: List[Tuple[str, str, List[int]]], w: Dict[str, Tensor], prefix: str) -> int:
  block = 0
  while (prefix + str(block) + ".gamma") in w:
    kind = "block"
    if not (prefix + str(block + 1) + ".gamma") in w:
      kind = "last"
    parts.append((kind, prefix + str(block) + ".", [len(parts)]))
    block += 1
  return len(parts)

def run(kind: str, prefix: str, inputs: List[Tensor], w: Dict[str, Tensor], rates: List[float]) -> Tensor:
  if kind == "input":
    return __torch__.layers.input_block(inputs[0], w, rates)
  if kind == "down":
    return __torch__.layers.downsample(inputs[0], w, prefix)
  if kind == "up":
    return __torch__.layers.upsample_add(inputs[0], inputs[1], w, prefix)
  y = __torch__.attention.transformer(inputs[0], w, prefix, rates)
  if kind == "last":
    return y.to(w["encoder1.conv1.conv.weight"].dtype)
  return y

# Loss, and the gradient of every leaf in the order of the trained names of w.
def gradients(x: Tensor,
    w: Dict[str, Tensor],
    leaves: Dict[str, Tensor],
    rates: List[float],
    labels: Tensor,
    flags: List[bool],
    scale: float) -> Tuple[Tensor, List[Optional[Tensor]]]:
  deep, batch_dice = flags[:2]
  parts, ends = __torch__.recompute.plan(w)
  values = [x]
  for kind, prefix, sources in parts:
    values.append(__torch__.recompute.run(kind, prefix, [values[s] for s in sources], w, rates))
  found = annotate(Dict[str, Tensor], {})
  slopes = annotate(Dict[int, Tensor], {})

  # The last part is not computed twice: its gradient is due at once.
  inputs = [values[n].detach().requires_grad_(True) for n in ends]
  torch.set_grad_enabled(True)
  logits = __torch__.network.heads(inputs[0], inputs[1], inputs[2], w, rates, deep)
  torch.set_grad_enabled(False)
  loss, logit_slopes = __torch__.loss.supervised(logits, labels, batch_dice, scale)
  __torch__.recompute.back(logits, logit_slopes, inputs, ends, ["decoder2.", "out"], leaves, found, slopes)
  logits.clear()
  logit_slopes.clear()
  inputs.clear()

  # The running statistics have moved in the first pass; the second moves copies.
  again = annotate(Dict[str, Tensor], {})
  for name, tensor in w.items():
    again[name] = tensor
    if "running_" in name:
      again[name] = tensor.clone()
  for i in range(len(parts)):
    n = len(parts) - i
    kind, prefix, sources = parts[n - 1]
    inputs = [values[s].detach().requires_grad_(s > 0) for s in sources]
    values.pop()
    torch.set_grad_enabled(True)
    y = __torch__.recompute.run(kind, prefix, inputs, again, rates)
    torch.set_grad_enabled(False)
    slope = annotate(List[Optional[Tensor]], [slopes.pop(n)])
    __torch__.recompute.back([y], slope, inputs, sources, [prefix], leaves, found, slopes)
  ordered = annotate(List[Optional[Tensor]], [])
  for name in leaves.keys():
    if name in found:
      ordered.append(found[name])
    else:
      ordered.append(None)
  return (loss, ordered)

# Adds what flows back through one part to the gradients of its weights and the slopes of its inputs.
def back(outputs: List[Tensor],
    given: List[Optional[Tensor]],
    inputs: List[Tensor],
    numbers: List[int],
    prefixes: List[str],
    leaves: Dict[str, Tensor],
    found: Dict[str, Tensor],
    slopes: Dict[int, Tensor]) -> None:
  wanted = annotate(List[Tensor], [])
  for one in inputs:
    if one.requires_grad:
      wanted.append(one)
  through = len(wanted)
  names = annotate(List[str], [])
  for name, leaf in leaves.items():
    for prefix in prefixes:
      if name.startswith(prefix):
        names.append(name)
        wanted.append(leaf)
  flows = torch.grad(outputs, wanted, given, allow_unused=True)
  at = 0
  for i in range(len(inputs)):
    if inputs[i].requires_grad:
      flow = flows[at]
      at += 1
      if flow is not None:
        if numbers[i] in slopes:
          slopes[numbers[i]] = slopes[numbers[i]] + flow
        else:
          slopes[numbers[i]] = flow
  for i in range(len(names)):
    flow = flows[through + i]
    if flow is not None:
      found[names[i]] = flow
