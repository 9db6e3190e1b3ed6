public import Events
public import Text

/// A form in which events are shown, one by one as they come.
///
/// For generic code, so that the loop over events is compiled for each form and calls it directly.
public protocol EventRenderer {
    /// Appends the event in this form, ready to be written out.
    mutating func render(_ event: EventView, into buffer: inout ByteBuffer)
}
