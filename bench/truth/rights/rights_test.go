package rights

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

func TestBook(t *testing.T) {
	var b Book
	b.Follow("m", true)
	require.True(t, b.Follows("m"))
	require.False(t, b.Follows("n"))
	require.False(t, (*Book)(nil).Follows("m"))
	before := b.Now("m")
	require.True(t, before.Sees && before.Certain)
	b.Begin("m", 10)
	require.False(t, b.Now("m").Certain)
	b.End("m", 11, 12, false)
	b.Begin("m", 20)
	b.End("m", 20, 30, true) // answered at the second attempt
	require.NotEqual(t, before, b.Now("m"), "the right is the same, but it changed in between")
	b.Begin("m", 40)
	for r, want := range map[board.Revision][2]bool{
		5: {true, true}, 11: {true, true}, 12: {false, true}, 20: {false, true}, 21: {}, 29: {}, 30: {true, true}, 40: {true, true},
	} {
		sees, known := b.At("m", r)
		require.Equal(t, want, [2]bool{sees, known}, r)
	}
	_, known := b.At("m", 41)
	require.False(t, known, "it may have changed by now")
}
