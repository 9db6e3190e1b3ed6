import DLanguage
import Testing

/// The names of errors, which scripts that expect an error look for.
@Suite struct TagTests {
    @Test(arguments: [
        ("BEGIN { trace(1) trace(2); }", "D_SYNTAX"), ("BEGIN { trace(nothing); }", "D_IDENT_UNDEF"),
        ("BEGIN { nothing(); }", "D_FUNC_UNDEF"), ("BEGIN { exit(); }", "D_PROTO_LEN"),
        ("BEGIN { exit(\"1\"); }", "D_PROTO_ARG"), ("BEGIN { clear(); }", "D_CLEAR_PROTO"),
        ("BEGIN { clear(@a); }", "D_CLEAR_AGGBAD"), ("BEGIN { x = 1 / 0; }", "D_DIV_ZERO"),
        ("BEGIN { @a = count(); @a = sum(1); }", "D_AGG_REDEF"), ("BEGIN { printf(\"%d\"); }", "D_PRINTF_ARG_PROTO"),
        ("BEGIN { @ = lquantize(1, 0, 9); @ = lquantize(1, 1, 9); }", "D_LQUANT_MATCHBASE"),
        ("BEGIN { trace(1); speculate(1); }", "D_SPEC_DREC"), ("BEGIN { trace($1); }", "D_MACRO_UNDEF"),
        ("BEGIN { trace(args[0]); }", "D_ARGS_NONE"), ("BEGIN { pid = 1; }", "D_OP_WRITE"),
        ("BEGIN { trace(09); }", "D_INT_DIGIT"),
    ])
    func errorsHaveTheirNames(_ program: String, _ name: String) throws {
        let error = try #require(failure(program))
        #expect(error.diagnostic.tag?.name == name)
        #expect(error.diagnostic.text(error.sources, showsTag: true).contains("error: [\(name)] "))
        #expect(!error.description.contains("[D_"))
    }
}
