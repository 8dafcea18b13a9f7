package org.voxbench.steps.train;

/** Turns a patch round along one axis, image and labels, in place. */
final class Mirror {

  private Mirror() {}

  static void apply(Patch patch, int axis) {
    int[] n = patch.shape;
    int outer = axis == 0 ? 1 : axis == 1 ? n[0] : n[0] * n[1];
    int inner = axis == 0 ? n[1] * n[2] : axis == 1 ? n[2] : 1;
    for (int o = 0; o < outer * patch.channels; o++) {
      for (int low = 0, high = n[axis] - 1; low < high; low++, high--) {
        int a = (o * n[axis] + low) * inner;
        int b = (o * n[axis] + high) * inner;
        for (int i = 0; i < inner; i++) {
          float held = patch.image[a + i];
          patch.image[a + i] = patch.image[b + i];
          patch.image[b + i] = held;
        }
      }
    }
    for (int o = 0; o < outer; o++) {
      for (int low = 0, high = n[axis] - 1; low < high; low++, high--) {
        int a = (o * n[axis] + low) * inner;
        int b = (o * n[axis] + high) * inner;
        for (int i = 0; i < inner; i++) {
          byte held = patch.label[a + i];
          patch.label[a + i] = patch.label[b + i];
          patch.label[b + i] = held;
        }
      }
    }
  }
}
