package rank_test

import (
	"math/rand"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/rank"
)

func TestBetweenKeepsAStrictOrderWhereverItInserts(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var col []string
	for i := 0; i < 5000; i++ {
		at := r.Intn(len(col) + 1)
		switch i % 4 {
		case 0:
			at = 0
		case 1:
			at = len(col)
		}
		low, high := "", ""
		if at > 0 {
			low = col[at-1]
		}
		if at < len(col) {
			high = col[at]
		}
		got, err := rank.Between(low, high)
		require.NoError(t, err)
		require.True(t, low == "" || low < got, "%q < %q", low, got)
		require.True(t, high == "" || got < high, "%q < %q", got, high)
		col = append(col[:at], append([]string{got}, col[at:]...)...)
	}
	require.True(t, sort.StringsAreSorted(col))
}

func TestPlacingAtAnEndStaysShort(t *testing.T) {
	top, bottom := "n0", "n0"
	for i := 0; i < 100_000; i++ {
		var err error
		top, err = rank.Between("", top)
		require.NoError(t, err)
		bottom, err = rank.Between(bottom, "")
		require.NoError(t, err)
	}
	require.LessOrEqual(t, len(top), 6)
	require.LessOrEqual(t, len(bottom), 6)
}

func TestAGapThatIsHalvedForEverGrowsSlowly(t *testing.T) {
	low, high := "n0", "n1"
	for i := 0; i < 200; i++ {
		mid, err := rank.Between(low, high)
		require.NoError(t, err)
		high = mid
	}
	require.Less(t, len(high), 60)
}

func TestSpreadFillsAGapInOrder(t *testing.T) {
	for _, gap := range [][2]string{{"", ""}, {"n3", ""}, {"", "n3"}, {"n3", "n4"}, {"n3", "n31"}} {
		got, err := rank.Spread(500, gap[0], gap[1])
		require.NoError(t, err)
		all := append([]string{}, got...)
		if gap[0] != "" {
			all = append([]string{gap[0]}, all...)
		}
		if gap[1] != "" {
			all = append(all, gap[1])
		}
		for i := 1; i < len(all); i++ {
			require.Less(t, all[i-1], all[i])
		}
	}
}

func TestNeighboursOutOfOrderAreRefused(t *testing.T) {
	_, err := rank.Between("n2", "n2")
	require.ErrorIs(t, err, rank.ErrOrder)
}

func FuzzBetween(f *testing.F) {
	f.Add([]byte{0, 255, 3, 9})
	f.Fuzz(func(t *testing.T, places []byte) {
		col := []string{"n0"}
		for _, p := range places {
			at := int(p) % (len(col) + 1)
			low, high := "", ""
			if at > 0 {
				low = col[at-1]
			}
			if at < len(col) {
				high = col[at]
			}
			got, err := rank.Between(low, high)
			if err != nil || (low != "" && got <= low) || (high != "" && got >= high) || strings.HasSuffix(got, " ") {
				t.Fatalf("between %q and %q: %q, %v", low, high, got, err)
			}
			col = append(col[:at], append([]string{got}, col[at:]...)...)
		}
	})
}
