/**
 * PyTorch's own files: reads published checkpoints without executing anything, writes state_dict
 * and TorchScript archives. Anybody above {@code model} may call it. Start at {@link
 * org.voxbench.model.pytorch.WeightFiles}.
 */
@NullMarked
package org.voxbench.model.pytorch;

import org.jspecify.annotations.NullMarked;
