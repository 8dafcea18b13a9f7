# Weights for prediction: batch norms folded into the convolutions before them, everything in the dtype and
# layout it is used in, no second and third head.

def folded(w: Dict[str, Tensor], dtype: int) -> Dict[str, Tensor]:
  network = annotate(Dict[str, Tensor], {})
  for name, tensor in w.items():
    if name.startswith("out2.") or name.startswith("out3.") or ".norm1." in name or ".norm2." in name:
      continue
    kind = dtype
    if __torch__.update.stays_float(w, name):
      kind = 6
    norm = __torch__.fold.norm_after(name)
    if (norm + "running_var") in w:
      scale = w[norm + "weight"] * torch.rsqrt(w[norm + "running_var"] + 1e-5)       # (C)
      bias = w[norm + "bias"] - w[norm + "running_mean"] * scale
      network[name[:-6] + "bias"] = bias.to(dtype)
      network[name] = __torch__.update.channels_last(tensor * scale.reshape([-1, 1, 1, 1, 1]), dtype)
    else:
      network[name] = __torch__.update.channels_last(tensor, kind).clone()
  return network

# "...conv51.conv2.conv.weight" -> "...conv51.norm2."
def norm_after(name: str) -> str:
  if name.endswith("conv1.conv.weight"):
    return name[:-17] + "norm1."
  if name.endswith("conv2.conv.weight"):
    return name[:-17] + "norm2."
  return "none"
