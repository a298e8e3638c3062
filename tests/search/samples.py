"""Queries that every engine has to answer alike: written down, and drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st

QUERIES = """
xdp
XDP maps
"new helper function"
"helper function new"
"XDP" -"generic XDP"
verifier -jit
NOT xdp
-xdp -maps -patch
tail OR tracepoint
llvm OR clang -patch
(cilium OR docker) kubernetes
xdp (redirect OR offload) -fix
-(xdp OR bpf)
kprob*
bpf_xdp_*
bpf_perf_* OR uprobe
i40e
40GbE
adjust_meta
tail_zero
bpf_xdp_adjust_meta
bpf()
lwn.net
lwn.net/Articles/738912
git.kernel.org
v4.13
4.12-rc2
[e]BPF
BPF_J{LT,LE}
BPF_PROG_TYPE_SOCK_OPS
BPF_PROG_TYPE_SOCKET_OPS
bpf_getsockopt
bpf_getsockops
BPF_FUNC_getsockopt
getsockopt
bpf_override_function
Björn
bjorn
bjoern
Töpel
"Daniel Borkmann"
kernel's
c++
x86: bpf_jit
"PATCH net-next"
"bpf next"
入門
xdp OR kernel:v4.15
-kind:patch xdp
xdp -author:"Daniel Borkmann" -tree:net-next
tracing (how:landed OR topic:docs)
zeppelin OR (kernel:v4.15 how:landed)
zeppelin OR (kernel:v4.14 kernel:v4.15 tracing)
xdp -(kernel:v4.16 how:issue)
__sk*
xdp kind:talk
kernel:v4.15 how:landed
helper kernel:v4.13 topic:tc kind:patch kind:helper
""".strip().splitlines()
# Words of the issues and beside them, alone and together.
SOME_WORDS = st.sampled_from(
    "xdp bpf maps map helper verifier jit tail call i40e nfp cilium sockmap redirect samples fix patch new "
    "tracepoint kprobe offload llvm 4.13 lwn.net zebra".split()
)
SOME_QUERIES = st.recursive(
    st.one_of(SOME_WORDS, st.tuples(SOME_WORDS, SOME_WORDS).map(lambda pair: f'"{pair[0]} {pair[1]}"')),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        inner.map(lambda text: f"-({text})"),
    ),
    max_leaves=5,
)
