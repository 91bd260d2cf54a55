package httpd

import (
	"net/http"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/gql"
)

// resultStatus is the HTTP status of an engine's result. With data it is 200, whatever errors stand beside it. A
// request refused as a whole is 400 for application/graphql-response+json and 200 for application/json, whose old
// clients read errors only from a 200 (GraphQL over HTTP, "Status Codes"); but who a caller is, how much it may ask
// and whether the server works are questions of HTTP, and their statuses are the same for both.
func resultStatus(res *gql.Result, media string) int {
	if !res.Failed {
		return http.StatusOK
	}
	switch fault.Code(res.Code) {
	case fault.Unauthenticated, fault.InvalidAPIKey, fault.SessionExpired:
		return http.StatusUnauthorized
	case fault.RateLimited:
		return http.StatusTooManyRequests
	case fault.Overloaded:
		return http.StatusServiceUnavailable
	case fault.Internal:
		return http.StatusInternalServerError
	}
	if media == typeJSON {
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// accessStatus is the HTTP status of a caller that was not let in. An Access that fails is a server that cannot serve.
func accessStatus(code fault.Code) int {
	if code == fault.Internal {
		return http.StatusServiceUnavailable
	}
	return fault.Status(code)
}
