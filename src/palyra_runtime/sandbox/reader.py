"""Reading a WebAssembly binary byte by byte, without trusting any of them."""

from __future__ import annotations

from palyra_runtime.sandbox.errors import InvalidModule

#: bytes of a 32-bit number in LEB128 (WebAssembly core specification, section 5.2.2)
_LEB32_BYTES_MAX = 5
_U32_MAX = 2**32 - 1


class Reader:
    """A position in a range of bytes that can be read only forward and never past its end."""

    __slots__ = ("_data", "_end", "position")

    def __init__(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        self._data = data
        self.position = start
        self._end = len(data) if end is None else end

    @property
    def at_end(self) -> bool:
        """True where nothing is left."""
        return self.position >= self._end

    def byte(self) -> int:
        """Read one byte.

        Raises:
            InvalidModule: nothing is left.
        """
        if self.position >= self._end:
            raise InvalidModule("The module ends in the middle of a section.")
        value = self._data[self.position]
        self.position += 1
        return value

    def u32(self) -> int:
        """Read an unsigned 32-bit number in LEB128.

        Raises:
            InvalidModule: it is longer than five bytes or larger than 32 bits.
        """
        value = 0
        for index in range(_LEB32_BYTES_MAX):
            byte = self.byte()
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                break
        else:
            raise InvalidModule("The module has a number of more than five bytes.")
        if value > _U32_MAX:
            raise InvalidModule("The module has a number of more than 32 bits.")
        return value

    def part(self, size: int) -> Reader:
        """Return a reader of the next ``size`` bytes and step over them.

        Raises:
            InvalidModule: fewer are left.
        """
        end = self.position + size
        if end > self._end:
            raise InvalidModule("The module has a part that is longer than the bytes that follow.")
        found = Reader(self._data, self.position, end)
        self.position = end
        return found

    def raw(self, size: int) -> bytes:
        """Read ``size`` bytes.

        Raises:
            InvalidModule: fewer are left.
        """
        part = self.part(size)
        return self._data[part.position : part.position + size]

    def rest(self) -> bytes:
        """Read all that is left."""
        return self.raw(self._end - self.position)

    def name(self) -> str:
        """Read a name: a length and that many bytes of UTF-8.

        Raises:
            InvalidModule: it is cut off or not UTF-8.
        """
        try:
            return self.raw(self.u32()).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidModule("The module has a name that is not UTF-8.") from error
