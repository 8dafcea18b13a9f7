# The transformer block with efficient paired attention. As published, but in an order that never makes
# the keys and values of all tokens: they enter only through sums over the tokens, which commute with
# their linear layers.

# The tokens t stay float32 from block to block in every precision: their sum of many small terms is what
# rounding hurts most, and they are small beside the full-resolution features.
def transformer(x: Tensor, w: Dict[str, Tensor], prefix: str, rates: List[float]) -> Tensor:
  training = len(rates) > 0
  if training:
    torch.manual_seed(int(rates[2]) + __torch__.layers.number(prefix))
  weight = torch.flatten(w[prefix + "conv8.1.weight"], 1)                         # (C, C)
  dtype = weight.dtype
  t = __torch__.layers.tokens(x).to(6) + w[prefix + "pos_embed"]                  # (B, N, C)
  normed = torch.layer_norm(t, [t.shape[2]], w[prefix + "norm.weight"], w[prefix + "norm.bias"], 1e-5)
  t = t + w[prefix + "gamma"] * __torch__.attention.paired(normed.to(dtype), w, prefix + "epa_block.", rates)
  s = __torch__.layers.volume(t.to(dtype), x)                                     # (B, C, Z, Y, X)
  r = __torch__.layers.batch_residual(s, w, prefix + "conv51.", training)
  if (prefix + "conv52.conv1.conv.weight") in w:
    r = __torch__.layers.batch_residual(r, w, prefix + "conv52.", training)
  r = __torch__.layers.tokens(r)
  if training:
    r = torch.transpose(torch.feature_dropout(torch.transpose(r, 1, 2), rates[1], True), 1, 2)
  r = torch.linear(r, weight, w[prefix + "conv8.1.bias"])                         # (B, N, C)
  return __torch__.layers.volume(t + r, x)

def paired(x: Tensor, w: Dict[str, Tensor], prefix: str, rates: List[float]) -> Tensor:
  b, n, c = x.shape
  heads = w[prefix + "temperature"].shape[0]
  d = c // heads
  wq, wk, wc, ws = torch.chunk(w[prefix + "qkvv.weight"], 4)                      # (C, C) each
  dropout = 0.
  if len(rates) > 0:
    dropout = rates[0]

  # Channel attention. q k^T = Wq (x^T x) Wk^T, and so are the norms of q and k over the tokens.
  # Summed up in float64: norms are small differences of its entries.
  gram = __torch__.attention.gram(x)                                              # (B, C, C), over N
  q_heads = torch.reshape(wq.to(7), [1, heads, d, c])
  k_heads = torch.reshape(wk.to(7), [1, heads, d, c])
  q_gram = torch.matmul(q_heads, torch.unsqueeze(gram, 1))                        # (B, h, d, C)
  k_gram = torch.matmul(k_heads, torch.unsqueeze(gram, 1))
  q_norm = torch.sqrt(torch.clamp_min(torch.sum(q_gram * q_heads, [-1]), 1e-24))  # (B, h, d), over sqrt(N)
  k_norm = torch.sqrt(torch.clamp_min(torch.sum(k_gram * k_heads, [-1]), 1e-24))
  scores = torch.matmul(q_gram, torch.transpose(k_heads, 2, 3))                   # (B, h, d, d)
  scores = scores / (torch.unsqueeze(q_norm, 3) * torch.unsqueeze(k_norm, 2))
  channel_map = torch.softmax(scores * w[prefix + "temperature"].to(7), -1).to(6)
  channel_map = torch.dropout(channel_map, dropout, dropout > 0.)
  value = torch.matmul(channel_map, torch.reshape(wc.to(6), [1, heads, d, c]))    # (B, h, d, C)
  value = torch.transpose(torch.reshape(value, [b, c, c]), 1, 2)                  # (B, C, C): x value = x_CA

  # Spatial attention: N queries against P projected keys.
  if (prefix + "EF") in w:
    x_keys = torch.matmul(torch.transpose(w[prefix + "EF"], 0, 1), x)             # (B, P, C)
    keys = torch.linear(x_keys, wk)
    values = torch.linear(x_keys, ws)
  else:
    x_keys = torch.matmul(w[prefix + "E.weight"], x)
    x_values = x_keys
    bias_keys = w[prefix + "E.bias"]
    bias_values = bias_keys
    if (prefix + "F.weight") in w:
      x_values = torch.matmul(w[prefix + "F.weight"], x)
      bias_values = w[prefix + "F.bias"]
    keys = torch.linear(x_keys, wk) + torch.unsqueeze(bias_keys, 1)
    values = torch.linear(x_values, ws) + torch.unsqueeze(bias_values, 1)
  p = keys.shape[1]
  queries = torch.permute(torch.reshape(torch.linear(x, wq), [b, n, heads, d]), [0, 2, 1, 3])  # (B, h, N, d)
  scale = w[prefix + "temperature2"].to(6) / (torch.unsqueeze(q_norm.to(6), 2) * float(n) ** 0.5) # (B, h, 1, d)
  keys = torch.permute(torch.reshape(keys, [b, p, heads, d]), [0, 2, 1, 3]).to(6) * scale      # (B, h, P, d)
  spatial_map = torch.softmax(torch.matmul(queries, torch.transpose(keys.to(x.dtype), 2, 3)), -1)
  if dropout > 0.:
    spatial_map = spatial_map * __torch__.layers.mask(spatial_map, dropout)                    # (B, h, N, P)
    values = values * (1. / (1. - dropout))
  values = torch.permute(torch.reshape(values, [b, p, heads, d]), [0, 2, 1, 3])                # (B, h, P, d)
  mixed = torch.matmul(spatial_map, values)                                                    # (B, h, N, d)
  # The published code lays (d, h, N) out and reads it as (N, C); released weights depend on it.
  mixed = torch.reshape(torch.stack(torch.unbind(mixed, 3), 1), [b, n, c])      # (B, d, h, N), its gradient without gaps

  if (prefix + "out_proj.weight") in w:
    channel = torch.matmul(x, torch.matmul(value, torch.transpose(w[prefix + "out_proj2.weight"].to(6), 0, 1)).to(x.dtype))
    return torch.cat([torch.linear(mixed, w[prefix + "out_proj.weight"], w[prefix + "out_proj.bias"]),
        channel + w[prefix + "out_proj2.bias"]], -1)
  return mixed + torch.matmul(x, value.to(x.dtype))

# x^T x / N in float64, from products in float32 over parts of at least 256 tokens.
def gram(x: Tensor) -> Tensor:
  b, n, c = x.shape
  parts = 1
  while n % (2 * parts) == 0 and n // (2 * parts) >= 256:
    parts *= 2
  rows = torch.reshape(x.to(6), [b * parts, n // parts, c])
  products = torch.reshape(torch.bmm(torch.transpose(rows, 1, 2), rows), [b, parts, c, c])
  return torch.sum(products, [1], False, dtype=7) * (1. / float(n))
