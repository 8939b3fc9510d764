//! No code: its manifest makes every selection of packages share one build of the large dependencies.
