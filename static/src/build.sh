#!/bin/sh
# Makes static/css/uswds.css and static/fonts/ again, for a new release of the U.S. Web Design System.
# Needs Node, and pyftsubset of fonttools with brotli (both come with this product's own environment).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
static=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --no-audit --no-fund @uswds/uswds@3.14.0 sass@1
uswds=node_modules/@uswds/uswds
npx sass --style=compressed --no-source-map --quiet --load-path=$uswds/packages "$here/uswds.scss" uswds.css
# Only two faces are served, and cseccase.css names them and says where they are used: the urgent form loads neither.
sed -E 's/@font-face\{[^}]*\}//g; s/font-family:Public Sans Web[^;}]*/font-family:inherit/g; /sourceMappingURL/d; s/^\xEF\xBB\xBF//' uswds.css > "$static/css/uswds.css"
mkdir -p "$static/img/usa-icons"
cp $uswds/dist/img/usa-icons/unfold_more.svg "$static/img/usa-icons/"
cp $uswds/LICENSE.md "$static/src/USWDS-LICENSE.md"
for face in Regular Bold; do
  pyftsubset "$uswds/dist/fonts/public-sans/PublicSans-$face.woff2" --flavor=woff2 --no-hinting --desubroutinize \
    --layout-features=kern,liga,tnum,mark,mkmk,ccmp,locl --output-file="$static/fonts/PublicSans-$face-Latin.woff2" \
    --unicodes="U+0020-007E,U+00A0-017F,U+0218-021B,U+1EA0-1EF9,U+2010-2015,U+2018-201E,U+2022,U+2026,U+20AC,U+2212,U+2190-2193"
done
