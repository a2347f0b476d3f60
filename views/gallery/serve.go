package gallery

import (
	"net/http"
	"strings"

	"tiaojie/static"
)

// Policy is the strict content policy that the product sends; the gallery lives under it too.
const Policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// ElderPrefix is where the samples stand in 长辈版.
const ElderPrefix = "/elder"

// Handler serves the samples and the assets. Posting to /elder switches between
// the two prefixes; any other form leads nowhere.
func Handler() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for prefix, elder := range map[string]bool{"": false, ElderPrefix: true} {
		for _, s := range Samples(elder) {
			mux.HandleFunc("GET "+prefix+strings.TrimSuffix(s.Path, "/")+"/{$}", func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Security-Policy", Policy)
				if err := s.Page.Render(r.Context(), w); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
				}
			})
		}
	}
	mux.HandleFunc("POST /elder", func(w http.ResponseWriter, r *http.Request) {
		to := "/" + strings.Trim(r.PostFormValue("back"), "/")
		if r.PostFormValue("on") != "" {
			to = ElderPrefix + to
		}
		http.Redirect(w, r, strings.TrimSuffix(to, "/")+"/", http.StatusSeeOther)
	})
	return mux
}
