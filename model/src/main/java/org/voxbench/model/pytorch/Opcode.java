package org.voxbench.model.pytorch;

import org.jspecify.annotations.Nullable;

/**
 * The instructions of the pickle format that this reader obeys, with the byte of each. They make
 * values; those that could reach code (INST, OBJ, NEWOBJ, EXT and the protocol 0 texts) are not
 * here.
 */
enum Opcode {
  PROTO(0x80),
  FRAME(0x95),
  STOP('.'),
  MARK('('),
  POP('0'),
  POP_MARK('1'),
  DUP('2'),
  NONE('N'),
  NEWTRUE(0x88),
  NEWFALSE(0x89),
  BININT('J'),
  BININT1('K'),
  BININT2('M'),
  LONG1(0x8a),
  LONG4(0x8b),
  BINFLOAT('G'),
  BINSTRING('T'),
  SHORT_BINSTRING('U'),
  BINUNICODE('X'),
  SHORT_BINUNICODE(0x8c),
  BINUNICODE8(0x8d),
  BINBYTES('B'),
  SHORT_BINBYTES('C'),
  BINBYTES8(0x8e),
  EMPTY_LIST(']'),
  LIST('l'),
  APPEND('a'),
  APPENDS('e'),
  EMPTY_DICT('}'),
  DICT('d'),
  SETITEM('s'),
  SETITEMS('u'),
  EMPTY_TUPLE(')'),
  TUPLE('t'),
  TUPLE1(0x85),
  TUPLE2(0x86),
  TUPLE3(0x87),
  BINGET('h'),
  LONG_BINGET('j'),
  BINPUT('q'),
  LONG_BINPUT('r'),
  MEMOIZE(0x94),
  GLOBAL('c'),
  STACK_GLOBAL(0x93),
  REDUCE('R'),
  BUILD('b'),
  BINPERSID('Q');

  private static final Opcode[] BY_CODE = new Opcode[256];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;

  Opcode(int code) {
    this.code = code;
  }

  /** The instruction of a byte, or null where it is not obeyed. */
  static @Nullable Opcode of(int code) {
    return BY_CODE[code];
  }

  byte code() {
    return (byte) code;
  }

  /** The byte in words, for a message about one that is not obeyed. */
  static String describe(int code) {
    String name =
        switch (code) {
          case 'i' -> "INST";
          case 'o' -> "OBJ";
          case 0x81 -> "NEWOBJ";
          case 0x92 -> "NEWOBJ_EX";
          case 0x82, 0x83, 0x84 -> "EXT";
          case 'P' -> "PERSID";
          case 'I', 'L', 'F', 'S', 'V', 'g', 'p' -> "of protocol 0";
          default -> "unknown";
        };
    return "0x%02x (%s)".formatted(code, name);
  }
}
