# From master weights in float32 to a copy the network computes with, and from its gradients back.

# Norms, temperatures, what is added to tokens and running statistics stay float32 in every precision.
def stays_float(w: Dict[str, Tensor], name: str) -> bool:
  if name.endswith(".bias"):
    return w[name[:-4] + "weight"].dim() == 1
  if name.endswith("pos_embed") or name.endswith("gamma"):
    return True
  return "running_" in name or "temperature" in name or (name.endswith(".weight") and w[name].dim() == 1)

def trained(name: str) -> bool:
  return not ("running_" in name or name.endswith("num_batches_tracked"))

# Convolutions want their weights laid out like their input.
def channels_last(weight: Tensor, dtype: int) -> Tensor:
  if weight.dim() == 5:
    return weight.to(dtype, memory_format=3)
  return weight.to(dtype)

# Leaves of the autograd graph, in the order of the trained names of w, and the network made of them.
# Running statistics are copies: a step that is not applied must not move them.
def working_copy(w: Dict[str, Tensor], dtype: int) -> Tuple[Dict[str, Tensor], Dict[str, Tensor]]:
  leaves = annotate(Dict[str, Tensor], {})
  network = annotate(Dict[str, Tensor], {})
  for name, tensor in w.items():
    if __torch__.update.trained(name):
      kind = dtype
      if __torch__.update.stays_float(w, name):
        kind = 6
      leaf = __torch__.update.channels_last(tensor.detach(), kind).requires_grad_(True)
      leaves[name] = leaf
      network[name] = leaf
    elif not name.endswith("num_batches_tracked"):
      network[name] = tensor.clone()
  return (leaves, network)

# Gradients in float32, and their global L2 norm times factor. Only the lower heads can be out of use.
def gathered(found: List[Optional[Tensor]], leaves: Dict[str, Tensor], factor: float) -> Tuple[List[Tensor], float]:
  gradients = annotate(List[Tensor], [])
  at = 0
  for name, leaf in leaves.items():
    one = found[at]
    at += 1
    if one is not None:
      gradients += [one.to(6).contiguous()]
    elif name.startswith("out2.") or name.startswith("out3."):
      gradients += [torch.zeros_like(leaf, dtype=6, memory_format=0)]
    else:
      raise AssertionError("no gradient reached " + name)
  norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients)))
  return (gradients, float(norm) * factor)

def clipping(norm: float, clip: float) -> float:
  return min(1., clip / (norm + 1e-6))

def statistics(w: Dict[str, Tensor], network: Dict[str, Tensor]) -> None:
  for name, tensor in w.items():
    if "running_" in name:
      tensor.copy_(network[name])
    elif name.endswith("num_batches_tracked"):
      tensor.add_(1)

def optimizer(w: Dict[str, Tensor],
    moments: List[Dict[str, Tensor]],
    gradients: List[Tensor],
    shrink: float,
    numbers: List[float],
    adam: bool) -> None:
  rate = numbers[0]
  decay, momentum, second = numbers[5:]
  weights = annotate(List[Tensor], [])
  for name, tensor in w.items():
    if __torch__.update.trained(name):
      weights += [tensor]
  scale = torch.full([1], 1. / shrink, dtype=6, device=weights[0].device)
  if adam:
    count = moments[2]["steps"]
    count.add_(1.)
    torch._fused_adamw_(weights, gradients, list(moments[0].values()), list(moments[1].values()), annotate(List[Tensor], []),
        [count for _ in range(len(weights))], lr=rate, beta1=momentum, beta2=second, weight_decay=decay,
        eps=1e-8, amsgrad=False, maximize=False, grad_scale=scale, found_inf=None)
  else:
    torch._fused_sgd_(weights, gradients, list(moments[0].values()), weight_decay=decay, momentum=momentum, lr=rate,
        dampening=0., nesterov=True, maximize=False, is_first_step=False, grad_scale=scale, found_inf=None)
