import Rendering

/// What is shown, and how: the same for traces and for recordings.
struct ViewOptions {
    var columns: OutputColumns
    var json: Bool
    var date: Bool
    var count: UInt64?
    var life: PacketLifeArguments

    init(_ command: NettraceCommand) throws {
        columns = try command.output.outputColumns()
        if command.stacks.caller { columns.insert(.caller) }
        if command.stacks.stackFull { columns.insert(.fullStacks) }
        json = command.output.json
        date = command.output.date
        count = command.output.count
        life = command.life
    }
}
