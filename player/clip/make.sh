#!/usr/bin/env bash
# Makes the clip of the demo page: a running clock with a tone each second, 72 s, three renditions with sound.
# CMAF tracks that an HLS and a DASH manifest share (one file each, by byte range), and a progressive mp4.
# Needs ffmpeg with libx264 and DejaVu Sans Mono. The result is committed: run it only to change the clip.
set -euo pipefail
cd "$(dirname "$0")"

seconds=72
segment_s=2
fps=24
font=${FONT:-/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf}
# height: width and video kbit/s
renditions=("360 640 90" "270 480 48" "180 320 24")

filters=""
outputs=()
for index in "${!renditions[@]}"; do
  read -r height width kbps <<<"${renditions[$index]}"
  filters+="color=0x101820:s=640x360:r=$fps:d=$seconds,"
  filters+="drawbox=x=0:y=330:w=640:h=30:c=0x24405a:t=fill,"
  # A hand that sweeps once a second, a bar that fills with the clip, the clock, and which rendition this is.
  filters+="drawtext=fontfile=$font:text='▮':fontsize=40:fontcolor=0xffb000:x='mod(t,1)*600':y=250,"
  filters+="drawtext=fontfile=$font:text='━━━━━━━━━━━━━━━━━━━━━━━━━━':fontsize=40:fontcolor=0x4cc2ff:x='t/$seconds*640-tw':y=325,"
  filters+="drawtext=fontfile=$font:text='%{pts\\:hms}':fontsize=64:fontcolor=white:x=52:y=110,"
  filters+="drawtext=fontfile=$font:text='${height}p  ${kbps} kbit/s':fontsize=26:fontcolor=0x9fb3c8:x=(w-tw)/2:y=200,"
  filters+="scale=$width:$height:flags=lanczos,format=yuv420p[v$index];"
  outputs+=(-map "[v$index]" "-b:v:$index" "${kbps}k" "-maxrate:v:$index" "${kbps}k" "-bufsize:v:$index" "$((2 * kbps))k")
done
filters+="sine=frequency=110:beep_factor=4:sample_rate=44100:duration=$seconds,volume=0.4[a]"

rm -f ./*.mp4 ./*.m3u8 ./*.mpd
ffmpeg -hide_banner -loglevel error -filter_complex "$filters" "${outputs[@]}" -map "[a]" \
  -c:v libx264 -profile:v main -preset veryslow -tune animation -g $((fps * segment_s)) -keyint_min $((fps * segment_s)) \
  -sc_threshold 0 -c:a aac -b:a 24k -ac 1 -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
  -f dash -seg_duration $segment_s -single_file 1 -single_file_name 'track$RepresentationID$.mp4' -hls_playlist 1 \
  -adaptation_sets "id=0,streams=v id=1,streams=a" manifest.mpd
# Dates of making it would change with every run, and a clip has none.
sed -i '/PROGRAM-DATE-TIME/d' media_?.m3u8
sed -i 's/ indexRange="[0-9-]*"//' manifest.mpd
ffmpeg -hide_banner -loglevel error -i track1.mp4 -i track3.mp4 -map 0:v -map 1:a -c copy -movflags +faststart \
  -map_metadata -1 -fflags +bitexact clip.mp4
du -cb ./*.mp4 | tail -1
