package partner

import (
	"net/http"
	"strconv"
	"time"
)

const (
	// retries is how often a question is put again.
	retries = 2
	// firstPause is below what the first pause is picked, doubled for each one after.
	firstPause = 200 * time.Millisecond
	// longestWait is the longest Retry-After that is waited for; a longer one ends the call.
	longestWait = 5 * time.Second
)

// pause says how long to wait before the n-th retry (from 0): a random time below a bound that doubles, so that many
// callers do not come back together, and not less than the partner asked for. False when it asked for too much.
func (c *Client) pause(n int, asked time.Duration) (time.Duration, bool) {
	return max(c.jitter(firstPause<<n), asked), asked <= longestWait
}

// retryAfter reads a Retry-After header, seconds or an HTTP date (RFC 9110, 10.2.3); 0 for none and for what is neither.
func retryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(header, 10, 32); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}
