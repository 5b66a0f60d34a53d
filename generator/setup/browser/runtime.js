// What compiled Lua needs round it in a browser. build-browser-lua puts this file behind the compiled code (asmFunc), inside one
// function whose result is the global ProbityRules.
//
//   var instance = ProbityRules();
//   var text = instance.copyIn("…");          puts a string (UTF-8, NUL at its end) into the instance
//   var answer = instance.call.name(text);    calls an exported C function; numbers in, a number out
//   instance.copyOut(answer)                  reads the string that ends with NUL at that address
//   instance.free(text)
//
// A JavaScript exception out of a call (a trap, a stack overflow) leaves the instance unusable: throw it away and make another.

var luaError = { name: "LuaError" };

function lacking() {
    throw new Error("the C code asked for something a browser has not");
}

return function () {
    var exported;
    var given = {
        abort: lacking,
        // Runs call(state, data); 1 when Lua raised an error inside. The C stack is set back to where it was.
        lua_try: function (call, state, data) {
            var pointer = exported.__stack_pointer.value;
            try {
                exported.__indirect_function_table.get(call)(state, data);
                return 0;
            } catch (error) {
                if (error !== luaError) {
                    throw error;
                }
                exported.__stack_pointer.value = pointer;
                return 1;
            }
        },
        lua_throw: function () {
            throw luaError;
        }
    };
    // wasm2js has handed imports over both flat and by module, depending on its version.
    given.env = given;
    given.wasi_snapshot_preview1 = given;
    exported = asmFunc(given);
    exported.__wasm_call_ctors();

    function bytes() {
        return new Uint8Array(exported.memory.buffer);
    }

    return {
        call: exported,
        copyIn: function (text) {
            var encoded = new TextEncoder().encode(text);
            var address = exported.malloc(encoded.length + 1);
            if (!address) {
                throw new Error("no memory left for the rules");
            }
            var target = bytes();
            target.set(encoded, address);
            target[address + encoded.length] = 0;
            return address;
        },
        copyOut: function (address) {
            var source = bytes();
            var end = address;
            while (source[end]) {
                end++;
            }
            return new TextDecoder().decode(source.subarray(address, end));
        },
        free: function (address) {
            exported.free(address);
        }
    };
};
