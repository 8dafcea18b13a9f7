# UNETR++ as in the paper's figure: an encoder of four stages, a decoder of four, three heads.
# w holds the tensors under their published names; which layers exist is read from those names.
# A volume (B, C, Z, Y, X) lies with its channels last in memory, so its tokens (B, N, C) are the same bytes.
# Shapes on the right are those of the synapse network. rates: dropout of attention maps, of channels, and the
# seed of both (a whole number below 2^52); empty means evaluation mode.

def forward(x: Tensor, w: Dict[str, Tensor], rates: List[float], supervised: bool) -> List[Tensor]:
  full = __torch__.layers.input_block(x, w, rates)                               # (B, 16, 64, 128, 128)
  enc1 = __torch__.network.stage(x, w, "0", rates)                               # (B, 32, 32, 32, 32)
  enc2 = __torch__.network.stage(enc1, w, "1", rates)                            # (B, 64, 16, 16, 16)
  enc3 = __torch__.network.stage(enc2, w, "2", rates)                            # (B, 128, 8, 8, 8)
  enc4 = __torch__.network.stage(enc3, w, "3", rates)                            # (B, 256, 4, 4, 4)
  dec3 = __torch__.network.decoder(enc4, enc3, w, "decoder5.", rates)            # (B, 128, 8, 8, 8)
  dec2 = __torch__.network.decoder(dec3, enc2, w, "decoder4.", rates)            # (B, 64, 16, 16, 16)
  dec1 = __torch__.network.decoder(dec2, enc1, w, "decoder3.", rates)            # (B, 32, 32, 32, 32)
  return __torch__.network.heads(full, dec2, dec1, w, rates, supervised)

def heads(full: Tensor,
    dec2: Tensor,
    dec1: Tensor,
    w: Dict[str, Tensor],
    rates: List[float],
    supervised: bool) -> List[Tensor]:
  sum = __torch__.layers.upsample_add(dec1, full, w, "decoder2.")                # (B, 16, 64, 128, 128)
  out = __torch__.layers.instance_residual(sum, w, "decoder2.decoder_block.0.", rates)
  logits = [__torch__.layers.head(out, w, "out1.")]                              # (B, 14, 64, 128, 128)
  if supervised:
    logits += [__torch__.layers.head(dec1, w, "out2.")]                          # (B, 14, 32, 32, 32)
    logits += [__torch__.layers.head(dec2, w, "out3.")]                          # (B, 14, 16, 16, 16)
  return logits

# In evaluation mode, as float32.
def probabilities(x: Tensor, w: Dict[str, Tensor], dtype: int) -> Tensor:
  logits = __torch__.network.forward(__torch__.layers.image(x, dtype), w, annotate(List[float], []), False)[0]
  return torch.softmax(logits, 1).to(6)

def stage(x: Tensor, w: Dict[str, Tensor], index: str, rates: List[float]) -> Tensor:
  y = __torch__.layers.downsample(x, w, "unetr_pp_encoder.downsample_layers." + index)
  return __torch__.network.transformers(y, w, "unetr_pp_encoder.stages." + index + ".", rates)

def decoder(x: Tensor, skip: Tensor, w: Dict[str, Tensor], prefix: str, rates: List[float]) -> Tensor:
  y = __torch__.layers.upsample_add(x, skip, w, prefix)
  return __torch__.network.transformers(y, w, prefix + "decoder_block.0.", rates)

def transformers(x: Tensor, w: Dict[str, Tensor], prefix: str, rates: List[float]) -> Tensor:
  y = x
  block = 0
  while (prefix + str(block) + ".gamma") in w:
    y = __torch__.attention.transformer(y, w, prefix + str(block) + ".", rates)
    block += 1
  return y.to(x.dtype)
