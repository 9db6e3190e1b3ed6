/// The types of D's functions.
struct SubroutineSignature {
    enum Parameter {
        case text
        /// Of any pointer type, or an address in an integer.
        case address
        /// Something to point to in kernel memory.
        case pointer
        case integer(DType)
    }

    var parameters: [Parameter]
    /// How many of the parameters can be left out.
    var optional = 0
    var result: DType

    private init(_ parameters: [Parameter], optional: Int = 0, _ result: DType) {
        self.parameters = parameters
        self.optional = optional
        self.result = result
    }

    private static let u16 = DType.integer(IntegerType(bits: 16, isSigned: false))
    private static let size = Parameter.integer(.unsignedLong)
    private static let int = Parameter.integer(.int)

    static let all: [Subroutine: SubroutineSignature] = [
        .inet_ntoa: .init([.pointer], .addressText),
        .inet_ntoa6: .init([.pointer], .addressText),
        .inet_ntop: .init([int, .pointer], .addressText),
        .htons: .init([.integer(u16)], u16),
        .ntohs: .init([.integer(u16)], u16),
        .htonl: .init([.integer(.unsignedInt)], .unsignedInt),
        .ntohl: .init([.integer(.unsignedInt)], .unsignedInt),
        .htonll: .init([size], .unsignedLong),
        .ntohll: .init([size], .unsignedLong),
        .strjoin: .init([.text, .text], .string),
        .strlen: .init([.text], .unsignedLong),
        .strchr: .init([.text, .integer(.character)], .string),
        .strrchr: .init([.text, .integer(.character)], .string),
        .strstr: .init([.text, .text], .string),
        .strtok: .init([.text, .text], .string),
        .index: .init([.text, .text, int], optional: 1, .int),
        .rindex: .init([.text, .text, int], optional: 1, .int),
        .substr: .init([.text, int, int], optional: 1, .string),
        .toupper: .init([.text], .string),
        .tolower: .init([.text], .string),
        .basename: .init([.text], .string),
        .dirname: .init([.text], .string),
        .cleanpath: .init([.text], .string),
        .lltostr: .init([.integer(.long), int], optional: 1, .string),
        .strtoll: .init([.text, int], optional: 1, .long),
        .rand: .init([], .int),
        .copyin: .init([.address, size], .pointer(to: .void)),
        .copyinstr: .init([.address, size], optional: 1, .string),
        .copyinto: .init([.address, size, .pointer], .void),
        .alloca: .init([size], .pointer(to: .void)),
        .bcopy: .init([.pointer, .pointer, size], .void),
        .copyout: .init([.pointer, .address, size], .void),
        .copyoutstr: .init([.text, .address, size], optional: 1, .void),
        .getmajor: .init([size], .unsignedInt),
        .getminor: .init([size], .unsignedInt),
        .link_ntop: .init([int, .pointer], .string),
        .progenyof: .init([int], .int),
        .rw_read_held: .init([.pointer], .int),
        .rw_write_held: .init([.pointer], .int),
        .rw_iswriter: .init([.pointer], .int),
        .mutex_owned: .init([.pointer], .int),
        .mutex_owner: .init([.pointer], .pointer(to: .void)),
        .mutex_type_adaptive: .init([.pointer], .int),
        .mutex_type_spin: .init([.pointer], .int),
        .msgsize: .init([.pointer], .unsignedLong),
        .msgdsize: .init([.pointer], .unsignedLong),
        .ddi_pathname: .init([.pointer, .integer(.long)], .string),
        .d_path: .init([.pointer], .string),
        .speculation: .init([], .int),
        .sym: .init([.address], .symbol(.symbol)),
        .func: .init([.address], .symbol(.function)),
        .mod: .init([.address], .symbol(.module)),
    ]
}
